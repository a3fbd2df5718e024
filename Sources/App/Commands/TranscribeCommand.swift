import Application
import Domain
import Infrastructure
import Presentation

extension Command {
    /// `cutroom transcribe`: what is said in a recording.
    static let transcribe = Command(
        words: ["transcribe"],
        summary: "Writes down what is said in a video, with times.",
        arguments: [Argument(name: "SOURCE", summary: "a file, or an http(s) address of a file or page")],
        options: [
            Settings.transcriptFormat.declaration, Settings.language.declaration,
            Settings.subtitles.declaration, Settings.json.declaration,
        ],
        takesServiceSettings: true,
        examples: [
            Example(line: "cutroom transcribe talk.mp4", summary: "as plain text"),
            Example(line: "cutroom transcribe talk.mp4 --as srt > talk.srt", summary: "as subtitles"),
            Example(line: "cutroom transcribe talk.mp4 --as json", summary: "each word with its times"),
        ]
    ) { invocation in
        let requests = Interruption.requests()
        let root = try CompositionRoot(invocation)
        let transcribe = TranscribeRecording(
            store: root.store, ports: try root.pipeline(), identifiers: root.identifiers, clock: root.clock,
            limitSeconds: invocation.configuration[Settings.sourceDurationLimit])
        let command = TranscribeRecording.Command(
            source: try invocation.source(), captions: try invocation.subtitles(),
            language: invocation.configuration[Settings.language])
        let transcript = try await withInterruption(requests) {
            try await invocation.errors.showingProgress {
                try await transcribe(command, by: .local, progress: $0)
            }
        }
        root.close()
        let format = invocation.configuration[Settings.transcriptFormat]
        if let form = CaptionOutput(rawValue: format.rawValue), !invocation.configuration[Settings.json] {
            invocation.output.write(transcript.file(as: form))
        } else {
            invocation.output.writeDocument(WireDocument.transcript(transcript))
        }
        return .done
    }
}

/// Runs `body` and cancels it when someone asks for the end.
///
/// - Throws: `CancellationError` then, whatever the body made of it.
private func withInterruption<Value: Sendable>(
    _ requests: AsyncStream<Interruption>, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            for await _ in requests { throw CancellationError() }
            return nil
        }
        defer { group.cancelAll() }
        while let value = try await group.next() {
            if let value { return value }
        }
        throw CancellationError()
    }
}

extension Terminal {
    /// Shows a bar while `body` works, at most ten times a second.
    fileprivate func showingProgress<Value: Sendable>(
        _ body: @escaping @Sendable (@escaping ProgressReport) async throws -> Value
    ) async throws -> Value {
        let (reports, continuation) = AsyncStream<(Double, String?)>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        let drawing = Task {
            var bar = ProgressBar(on: self)
            var message = ""
            for await (fraction, news) in reports {
                message = news ?? message
                let standing = ProgressBar.Standing(
                    stage: "transcribing", percent: fraction * 100, message: message, secondsLeft: nil)
                if let text = bar.update(standing, width: width) { write(text) }
                try? await Task.sleep(for: .milliseconds(100))
            }
            if let text = bar.clear() { write(text) }
        }
        do {
            let value = try await body { continuation.yield(($0, $1)) }
            continuation.finish()
            await drawing.value
            return value
        } catch {
            continuation.finish()
            await drawing.value
            throw error
        }
    }
}
