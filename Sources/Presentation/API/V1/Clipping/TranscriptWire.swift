internal import Domain

/// How a transcript stands on the wire.
enum TranscriptWire {
    static let transcript = JSONOutput<Transcript>.object(
        "Transcript", "What is said in a source, word by word.",
        [
            JSONField("language", .nullable(.text), "The language as a BCP 47 tag.", example: "en") {
                $0.language
            },
            JSONField("engine", .text, "What recognised it.", example: "captions") { $0.engine },
            JSONField("words", .list(of: word), "The words, by start time.") { $0.words },
        ])

    private static let word = JSONOutput<Word>.object(
        "Word", "One spoken word.",
        [
            JSONField("text", .text, "The word, punctuation attached.", example: "Hello,") { $0.text },
            JSONField("start", .amount, "When it begins, in seconds.", example: 0.42) { $0.span.start },
            JSONField("end", .amount, "When it ends, in seconds.", example: 0.81) { $0.span.end },
            JSONField(
                "confidence", .nullable(.number(0...1)), "How sure the recogniser was.", example: 0.97
            ) { $0.confidence },
            JSONField("speaker", .nullable(.text), "Who speaks it.", example: "A") { $0.speaker?.label },
        ])
}
