extension String {
    /// A name for a file that is harmless on every system: no folders, no control characters, no leading
    /// dot, none of the characters that Windows forbids, at most 200 bytes; `file` where nothing is left.
    package var safeFilename: String {
        let forbidden: Set<Unicode.Scalar> = ["/", "\\", ":", "*", "?", "\"", "<", ">", "|"]
        var name = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            // Control characters and those that reverse or hide text, such as U+202E.
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                continue
            default: name.append(forbidden.contains(scalar) ? "_" : scalar)
            }
        }
        let isEdge: (Unicode.Scalar) -> Bool = { $0 == "." || $0.properties.isWhitespace }
        var core = Substring.UnicodeScalarView(name.drop(while: isEdge))
        while let last = core.last, isEdge(last) { core.removeLast() }
        // The end of a name says what it is, so a long one loses its middle.
        var text = String(core)
        if text.utf8.count > 200 {
            let ending =
                text.lastIndex(of: ".").map { text[$0...] }.flatMap { $0.utf8.count <= 12 ? $0 : nil } ?? ""
            var stem = text.dropLast(ending.count)
            while stem.utf8.count + ending.utf8.count > 200 { stem.removeLast() }
            text = String(stem) + ending
        }
        return text.isEmpty ? "file" : text
    }
}
