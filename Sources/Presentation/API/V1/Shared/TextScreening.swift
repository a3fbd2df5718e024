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

    /// Has a metric tell how many texts were found wanting, by rule and by what became of them.
    func tell(_ metrics: Metrics) {
        metrics.collect(.textFindings) {
            self.counts.map {
                MetricSample(["\($0.rule)", $0.isRefused ? "refused" : "taken"], .count($0.texts))
            }
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
