/// Speculative decoding: one decoder, written once, generic over its scalar and its source of choice.
///
/// A round drafts a tree of tokens with a small model, evaluates it with the large one in a single call and
/// keeps a path whose law is exactly the large model's. The module is pure Swift, links no GSL, and is
/// distributed under Apache-2.0.
///
/// Read it in this order: ``LanguageModel``, ``TokenTree``, ``Choices``, then a drafting strategy
/// (``ConstantBranching``, ``IndependentSequences``, ``StochasticBeam``), a verification rule
/// (``RecursiveRejection``, ``KSequentialSelection``), and the ``Decoder`` that joins them by ``DecodingMethod``.
public enum SpeculativeDecodingModule {}

/// A token: an index into the vocabulary, from 0.
public typealias Token = Int
