import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM as a flag that long work asks for: the first asks it to end, the second ends the process.
final class Interruption: Sendable {
  private let count = Atomic(0)
  private let sources: [any DispatchSourceSignal]

  init() {
    let queue = DispatchQueue(label: "interruption")
    sources = [SIGINT, SIGTERM].map { number in
      // The default action must be off for the source to see the signal.
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for source in sources {
      source.setEventHandler { [self] in
        if count.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
      source.resume()
    }
  }

  var isRequested: Bool { count.load(ordering: .relaxed) > 0 }
}
