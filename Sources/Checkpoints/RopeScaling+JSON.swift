extension RopeScaling {
  /// Base and scaling of the rotary frequencies, in either spelling.
  ///
  /// Since its version 5 `transformers` writes `rope_parameters`, which holds the base too; before, `rope_theta` beside
  /// an optional `rope_scaling`, whose kind was once called `type`.
  /// - Throws: ``CheckpointError/configuration(file:reason:)``
  static func read(
    _ fields: ConfigurationFields, contextLimit: Int
  ) throws(CheckpointError) -> (base: Double, scaling: RopeScaling) {
    let name = fields["rope_scaling"] == nil ? "rope_parameters" : "rope_scaling"
    if name == "rope_scaling", let parameters = fields["rope_parameters"], parameters != fields["rope_scaling"] {
      throw fields.fault("rope_scaling", "differs from rope_parameters; remove the wrong one")
    }
    let bases = 1...1e18
    let outerBase = try fields.number("rope_theta", in: bases, default: 10_000)
    try checkWhole(fields)
    guard let parameters = try fields.object(name) else { return (outerBase, .none) }
    let base = try parameters.number("rope_theta", in: bases, default: outerBase)
    try checkWhole(parameters)
    let typeName = parameters["rope_type"] == nil ? "type" : "rope_type"
    let factors = 1...1e9
    switch try parameters.choice(typeName, of: ["default", "linear", "llama3"], default: "default") {
    case "linear": return (base, .linear(factor: try parameters.number("factor", in: factors)))
    case "llama3":
      let low = try parameters.number("low_freq_factor", in: 1e-9...1e9)
      let high = try parameters.number("high_freq_factor", in: 1e-9...1e9)
      guard low < high else {
        throw parameters.fault("low_freq_factor", "is \(low); it must be below high_freq_factor \(high)")
      }
      // A place outside the object has the last word, as in `transformers`.
      let original = "original_max_position_embeddings"
      var context = try parameters.integer(original, in: ConfigurationLimits.context, default: contextLimit)
      context = try fields.integer(original, in: ConfigurationLimits.context, default: context)
      let factor = try parameters.number("factor", in: factors)
      return (
        base,
        .llama3(factor: factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContext: context)
      )
    default: return (base, .none)
    }
  }

  private static func checkWhole(_ fields: ConfigurationFields) throws(CheckpointError) {
    let share = try fields.number("partial_rotary_factor", in: 0...1, default: 1)
    if share != 1 { throw fields.fault("partial_rotary_factor", "is \(share), which is not supported; 1 is") }
  }
}
