/// The statistics of certification, over the GNU Scientific Library.
///
/// Every tail and special function is GSL's; what GSL lacks (the non-central chi-square, the design of an
/// experiment) is summed from GSL's functions, and what GSL gets wrong (`gsl_cdf_chisq_Qinv` at large degrees of
/// freedom) is not called. GSL's error handler is off, and every result is checked.
///
/// The sources are Apache-2.0. This module links GSL (GPL-3.0): binaries that contain it are distributed under
/// GPL-3.0 as a combined work.
public enum StatisticsModule {}
