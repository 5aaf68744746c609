internal import CGSL

/// GSL's functions with its error handler off and every result checked.
///
/// The default handler aborts the process. It is replaced once, before the first call.
enum GSL {
  private static let isReady: Bool = {
    gsl_set_error_handler_off()
    return true
  }()

  private static func checked(_ function: String, _ value: Double) throws(StatisticsError) -> Double {
    guard isReady, value.isFinite else { throw .gsl(function: function) }
    return value
  }

  /// P(χ²(degrees of freedom) > x).
  static func chiSquareUpperTail(_ x: Double, _ degreesOfFreedom: Double) throws(StatisticsError) -> Double {
    guard isReady else { throw .gsl(function: "error handler") }
    return try checked("gsl_cdf_chisq_Q", gsl_cdf_chisq_Q(x, degreesOfFreedom))
  }

  /// P(χ²(degrees of freedom) ≤ x).
  static func chiSquareLowerTail(
    _ x: Double, _ degreesOfFreedom: Double
  ) throws(StatisticsError) -> Double {
    guard isReady else { throw .gsl(function: "error handler") }
    return try checked("gsl_cdf_chisq_P", gsl_cdf_chisq_P(x, degreesOfFreedom))
  }

  /// P(Beta(a, b) ≤ x).
  static func betaLowerTail(_ x: Double, _ a: Double, _ b: Double) throws(StatisticsError) -> Double {
    guard isReady else { throw .gsl(function: "error handler") }
    return try checked("gsl_cdf_beta_P", gsl_cdf_beta_P(x, a, b))
  }

  /// P(Beta(a, b) > x).
  static func betaUpperTail(_ x: Double, _ a: Double, _ b: Double) throws(StatisticsError) -> Double {
    guard isReady else { throw .gsl(function: "error handler") }
    return try checked("gsl_cdf_beta_Q", gsl_cdf_beta_Q(x, a, b))
  }

  /// The x with P(t(degrees of freedom) > x) = probability.
  static func studentUpperQuantile(_ probability: Double, _ degreesOfFreedom: Double) throws(StatisticsError) -> Double
  {
    guard isReady else { throw .gsl(function: "error handler") }
    return try checked("gsl_cdf_tdist_Qinv", gsl_cdf_tdist_Qinv(probability, degreesOfFreedom))
  }

  /// ln Γ(x) for x > 0.
  static func logGamma(_ x: Double) throws(StatisticsError) -> Double {
    guard isReady else { throw .gsl(function: "error handler") }
    var result = gsl_sf_result()
    guard gsl_sf_lngamma_e(x, &result) == 0 else { throw .gsl(function: "gsl_sf_lngamma_e(\(x))") }
    return try checked("gsl_sf_lngamma_e", result.val)
  }
}
