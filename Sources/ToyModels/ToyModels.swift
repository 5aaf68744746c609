/// Small models whose laws are known exactly: categorical, Markov of any order, and n-grams of a text.
///
/// Their exact laws of token sequences are what a decoder is certified against. The module is pure Swift, links
/// no GSL, and is distributed under Apache-2.0.
///
/// - ``MarkovModel``: a table of laws after the last tokens; order 0 is a categorical model.
/// - ``NGramCounts``: an interpolated character model estimated from a text.
/// - ``SequenceLaw``: the exact law of the next tokens of a model.
/// - ``ModelDocument``: the JSON format of the port protocol, with rows as numbers or "p/q".
public enum ToyModelsModule {}
