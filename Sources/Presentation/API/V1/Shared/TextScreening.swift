internal import Application
internal import Domain

extension TextScreen {
    /// What the screen finds in texts of a request, as faults in their places.
    ///
    /// Whoever hands in spam is not told by what it was recognised.
    var screening: TextScreening {
        { texts, principal, call in
            let user = (principal as? Caller)?.user
            return texts.flatMap { text in
                self.look(at: text.text, in: text.pointer, of: user, trace: call.trace.traceID)
                    .map { Fault($0, in: text.pointer) }
            }
        }
    }

    /// Writes how many texts were found wanting, by rule and by what became of them.
    func write(to text: inout MetricsText) {
        text.family(
            "cutroom_text_findings_total", "counter",
            "Texts that were found wanting, by rule and consequence.")
        for count in counts {
            text.sample(
                "cutroom_text_findings_total",
                "rule=\"\(count.rule)\",action=\"\(count.isRefused ? "refused" : "taken")\"",
                Double(count.texts))
        }
    }
}

extension Fault {
    fileprivate init(_ finding: TextScreen.Finding, in pointer: String) {
        switch finding {
        case .spam:
            self.init(.body(pointer), .spam, "is not taken, since it reads like spam")
        case .disclosure(let disclosure):
            let (first, last) = (disclosure.range.lowerBound, disclosure.range.upperBound - 1)
            self.init(
                .body(pointer), .sensitive,
                "must not hold \(disclosure.kind.explanation): one stands at \(first)–\(last)")
        }
    }
}
