import Presentation

extension Command {
    /// `cutroom errors`: everything that can go wrong, as a page.
    static let errors = Command(
        words: ["errors"],
        summary: "Prints every error code with its status, severity and what to do, as Markdown.",
        examples: [Example(line: "cutroom errors > Docs/errors.md", summary: "the page of the documentation")]
    ) { invocation in
        invocation.output.write(ErrorsPage.markdown)
        return .done
    }
}
