import Statistics
import Synchronization

/// The state of a run that its workers share: what is to be asked, and what was answered.
///
/// Requests go out prompt by prompt, the arms in turn, so that whatever changes about a server in the course of time
/// changes all arms alike. Nothing that is counted depends on the order in which answers come.
final class ServerRun: Sendable {
  private struct Prompt {
    var answers: [ServerArm: [Int: [Completion]]] = [:]
    /// The next number to ask, of each arm.
    var next: [ServerArm: Int] = [:]
    var evidence: ServerEvidence
    var numbers: [Completion: Int] = [:]
    var names: [Completion] = []
    var sequences: [ServerArm: [Int]] = [:]
    var repeated: [ServerRequest: [Completion]] = [:]
    var asked: Set<ServerRequest> = []
    var isReported = false
  }

  private struct State {
    var prompts: [Prompt]
    var failure: ServerFailure?
    var answered = 0
  }

  private let settings: ServerSettings
  private let judgement: ServerJudgement
  private let journal: ServerJournal?
  private let state: Mutex<State>
  /// One report at a time, so that they come in order.
  private let reporting = Mutex(())
  /// Requests of each prompt that are sent twice: two of each kind.
  private static let repeated = 2

  init(
    _ settings: ServerSettings, _ design: ServerDesign, _ journal: ServerJournal?,
    answers: [(ServerRequest, [Completion])]
  ) throws(StatisticsError) {
    self.settings = settings
    self.journal = journal
    judgement = ServerJudgement(design: design, samples: settings.samples, completions: settings.completions)
    var prompts: [Prompt] = []
    for _ in settings.prompts {
      prompts.append(Prompt(evidence: try ServerEvidence(limit: settings.samples, design: design)))
    }
    state = Mutex(State(prompts: prompts))
    for (request, completions) in answers { take(request, completions) }
  }

  /// Why the run ended before it was over.
  var failure: ServerFailure? { state.withLock { $0.failure } }

  /// Answers, those of earlier runs included.
  var answered: Int { state.withLock { $0.answered } }

  /// Ends the run; the first reason stands.
  func end(_ failure: ServerFailure) {
    state.withLock { state in
      if state.failure == nil { state.failure = failure }
    }
  }

  /// The next request to send; `nil` where there is none.
  func next() -> ServerRequest? {
    state.withLock { state in
      guard state.failure == nil else { return nil }
      for index in state.prompts.indices {
        if let request = next(of: &state.prompts[index], index) { return request }
      }
      return nil
    }
  }

  private func next(of prompt: inout Prompt, _ index: Int) -> ServerRequest? {
    while true {
      let open = ServerArm.allCases.filter {
        prompt.next[$0, default: 0] * settings.completions < prompt.evidence.needed($0)
      }
      guard let arm = open.min(by: { prompt.next[$0, default: 0] < prompt.next[$1, default: 0] }) else { break }
      let number = prompt.next[arm, default: 0]
      prompt.next[arm] = number + 1
      if prompt.answers[arm]?[number] == nil { return ServerRequest(prompt: index, arm: arm, number: number) }
    }
    for number in 0..<min(Self.repeated, settings.requests) {
      for arm in [ServerArm.off, .on] {
        let request = ServerRequest(prompt: index, arm: arm, number: number, isRepeat: true)
        if prompt.asked.insert(request).inserted { return request }
      }
    }
    return nil
  }

  /// Takes an answer, and writes it down.
  func accept(_ request: ServerRequest, _ completions: [Completion]) {
    do throws(ServerFailure) {
      try journal?.append(request, completions)
    } catch {
      return end(error)
    }
    take(request, completions)
  }

  private func take(_ request: ServerRequest, _ completions: [Completion]) {
    state.withLock { state in
      state.answered += 1
      if request.isRepeat {
        state.prompts[request.prompt].asked.insert(request)
        state.prompts[request.prompt].repeated[request] = completions
        return
      }
      state.prompts[request.prompt].answers[request.arm, default: [:]][request.number] = completions
      do throws(StatisticsError) {
        try advance(&state.prompts[request.prompt])
      } catch {
        state.failure = state.failure ?? ServerFailure(.wrongAnswer, "\(error)")
      }
    }
  }

  /// Takes all steps whose completions are there.
  private func advance(_ prompt: inout Prompt) throws(StatisticsError) {
    while !prompt.evidence.isOver {
      let step = prompt.evidence.steps
      guard let off = number(.off, step, &prompt), let offAgain = number(.offAgain, step, &prompt) else { return }
      var on: Int?
      if prompt.evidence.needsSpeculation {
        on = number(.on, step, &prompt)
        if on == nil { return }
      }
      prompt.sequences[.off, default: []].append(off)
      prompt.sequences[.offAgain, default: []].append(offAgain)
      if let on { prompt.sequences[.on, default: []].append(on) }
      try prompt.evidence.add(off: off, offAgain: offAgain, on: on)
    }
  }

  /// The number of an arm's completion at a step; `nil` where it has not come yet.
  private func number(_ arm: ServerArm, _ step: Int, _ prompt: inout Prompt) -> Int? {
    let (request, position) = step.quotientAndRemainder(dividingBy: settings.completions)
    guard let completions = prompt.answers[arm]?[request] else { return nil }
    let completion = completions[position]
    if let known = prompt.numbers[completion] { return known }
    prompt.numbers[completion] = prompt.names.count
    prompt.names.append(completion)
    return prompt.names.count - 1
  }

  /// Completions that are there, and those that are needed, as far as is known; and the prompt that is worked at.
  var progress: ServerRunner.Progress {
    state.withLock { state in
      var progress = ServerRunner.Progress(completions: 0, of: 0, prompt: 0, prompts: state.prompts.count)
      for prompt in state.prompts {
        if prompt.evidence.isOver { progress.prompt += 1 }
        for arm in ServerArm.allCases {
          let needed = prompt.evidence.needed(arm)
          progress.of += needed
          progress.completions += min(needed, (prompt.answers[arm]?.count ?? 0) * settings.completions)
        }
      }
      progress.prompt = min(progress.prompt + 1, progress.prompts)
      return progress
    }
  }

  /// Tells the prompts that are decided and were not told before, in order.
  func report(to finished: (ServerPromptRecord) -> Void) throws(StatisticsError) {
    try reporting.withLock { _ throws(StatisticsError) in
      for record in try records(atTheEnd: false) { finished(record) }
    }
  }

  /// The records of prompts that are decided and were not given before, in order; at the end of all prompts.
  func records(atTheEnd: Bool) throws(StatisticsError) -> [ServerPromptRecord] {
    var records: [ServerPromptRecord] = []
    for index in settings.prompts.indices {
      let prompt: Prompt? = state.withLock { state in
        let prompt = state.prompts[index]
        if atTheEnd { return prompt }
        let isRepeated = prompt.repeated.count >= 2 * min(Self.repeated, settings.requests)
        guard prompt.evidence.isOver, isRepeated, !prompt.isReported else { return nil }
        // In order: an earlier one that is open holds this one back.
        guard state.prompts[..<index].allSatisfy(\.isReported) else { return nil }
        state.prompts[index].isReported = true
        return prompt
      }
      if let prompt { records.append(try record(prompt, settings.prompts[index])) }
    }
    return records
  }

  private func record(_ prompt: Prompt, _ text: String) throws(StatisticsError) -> ServerPromptRecord {
    var repeats = ServerRepeats(off: 0, offEqual: 0, on: 0, onEqual: 0)
    for (request, completions) in prompt.repeated {
      guard let first = prompt.answers[request.arm]?[request.number] else { continue }
      let equal = first == completions ? 1 : 0
      if request.arm == .on {
        (repeats.on, repeats.onEqual) = (repeats.on + 1, repeats.onEqual + equal)
      } else {
        (repeats.off, repeats.offEqual) = (repeats.off + 1, repeats.offEqual + equal)
      }
    }
    return try judgement.record(
      prompt: text, names: prompt.names, off: prompt.sequences[.off] ?? [],
      offAgain: prompt.sequences[.offAgain] ?? [], on: prompt.sequences[.on] ?? [], repeats: repeats)
  }
}
