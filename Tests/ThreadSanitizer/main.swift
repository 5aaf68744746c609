import Dispatch
import EmbeddedModels
import Foundation
import Generation
import SpeculativeDecoding
import Transformer

// What `.ci/thread-sanitizer` builds with ThreadSanitizer and runs: forward passes and rounds of the embedded pair on
// several threads. A race ends the run; so does a text that depends on threads.

let prompt = Array("And ".utf8).map(Int.init)
// The last tree is so wide that the laws of a level are shaped on several threads.
let methods =
  Rule.all.flatMap { $0.methods([.none, .chain(3), .branching([3, 1]), .rectangle(width: 3, depth: 2)]) }
  + [.rsdS(width: 40, depth: 2)]

func pair(threads: Int, _ arithmetic: Arithmetic) throws -> TransformerPair {
  let target = try EmbeddedModel.kingJamesTarget.checkpoint()
  let draft = try EmbeddedModel.kingJamesDraft.checkpoint()
  return try TransformerPair(
    target: TransformerModel(target, threads: threads, arithmetic: arithmetic),
    draft: .transformer(TransformerModel(draft, threads: threads, arithmetic: arithmetic)),
    profile: SamplingProfile(temperature: 0.9, topP: 0.999))
}

func text(of pair: TransformerPair, by method: DecodingMethod, napping: Bool = false) throws -> [Token] {
  var generation = try Generation(of: pair, by: method, from: prompt, maximum: 32, seed: 1)
  while generation.end == nil {
    _ = try generation.next()
    // Long enough for helpers to fall asleep, and to be woken by the next pass.
    if napping { Thread.sleep(forTimeInterval: 0.002) }
  }
  return generation.tokens
}

func fail(_ reason: String) -> Never {
  FileHandle.standardError.write(Data("thread-check: \(reason)\n".utf8))
  exit(1)
}

do {
  for arithmetic in Arithmetic.allCases {
    let (one, three) = (try pair(threads: 1, arithmetic), try pair(threads: 3, arithmetic))
    let texts = try methods.map { try text(of: one, by: $0) }
    for (method, expected) in zip(methods, texts) {
      for napping in [false, true] where try text(of: three, by: method, napping: napping) != expected {
        fail("\(method.rule) writes another text on three threads, \(arithmetic.rawValue)")
      }
    }
    // Several callers at once, of whom one at a time has the threads.
    DispatchQueue.concurrentPerform(iterations: methods.count) { index in
      let found = try? text(of: three, by: methods[index])
      if found != texts[index] { fail("\(methods[index].rule) writes another text beside others") }
    }
  }
} catch {
  fail("\(error)")
}
print("thread-check: \(methods.count) trees in both arithmetics, alone, after naps, and side by side")
