import ArgumentParser
import Certification
import Checkpoints
import Foundation
import SpeculativeDecoding
import Tokenizers
import ToyModels

/// The exit codes that scripts can rely on; from 64 on those of sysexits, and 130 as shells have it for Ctrl-C.
enum ExitStatus: Int32 {
  case certified = 0
  case failed = 1
  case inconclusive = 2
  case usage = 64
  case badData = 65
  case cannotWrite = 73
  case interrupted = 130

  var code: ExitCode { ExitCode(rawValue) }
}

extension RunVerdict {
  var exitStatus: ExitStatus {
    switch self {
    case .certified: .certified
    case .failed: .failed
    case .inconclusive: .inconclusive
    }
  }
}

/// Ends the command with one line on stderr and a documented exit code.
func failure(_ status: ExitStatus, _ reason: any CustomStringConvertible) -> ExitCode {
  StandardError.line(reason)
  return status.code
}

/// Runs what may fail on its data; the module errors explain themselves in one line.
func explainingErrors<Result>(_ body: () async throws -> Result) async throws -> Result {
  do {
    return try await body()
  } catch SpeculativeDecodingError.interrupted, CertificationError.decoding(_, .interrupted) {
    throw failure(.interrupted, "interrupted")
  } catch let error as CertificationError {
    throw failure(.badData, error)
  } catch let error as SpeculativeDecodingError {
    throw failure(.badData, error)
  } catch let error as ToyModelError {
    throw failure(.badData, error)
  } catch let error as CheckpointError {
    throw failure(.badData, error)
  } catch let error as TokenizerError {
    throw failure(.badData, error)
  }
}
