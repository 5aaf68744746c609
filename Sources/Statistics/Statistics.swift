/// The statistics of certification, over the GNU Scientific Library.
///
/// Every tail and special function is GSL's where GSL has it and has it right; its error handler is off, and every
/// result is checked. Otherwise:
///
/// - the non-central chi-square and the design of an experiment, which GSL lacks, are summed from GSL's functions;
/// - `gsl_cdf_chisq_Qinv`, wrong at large degrees of freedom, is not called: ``ChiSquare`` bisects the tail;
/// - `gsl_cdf_beta_P` and `gsl_cdf_beta_Q`, which fail for many trials, give way to a sum: ``Binomial``;
/// - the law of Kolmogorov and Smirnov, which GSL lacks, is computed by published methods: ``KolmogorovSmirnov``.
///
/// The sources are Apache-2.0. This module links GSL (GPL-3.0): binaries that contain it are distributed under
/// GPL-3.0 as a combined work.
public enum StatisticsModule {}
