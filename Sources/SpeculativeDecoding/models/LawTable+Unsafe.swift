import Probability

extension LawTable {
  /// Changes row `index` where it stands.
  ///
  /// - Throws: what `shape` throws.
  public mutating func shape(row index: Int, by shape: LawShape<Scalar>) throws(SpeculativeDecodingError) {
    let row = row(index)
    precondition(row.lowerBound >= 0 && row.upperBound <= values.count, "a row of the table")
    try values.withUnsafeMutableBufferPointer { values throws(SpeculativeDecodingError) in
      var law = values.extracting(row).mutableSpan
      try shape(&law)
    }
  }
}
