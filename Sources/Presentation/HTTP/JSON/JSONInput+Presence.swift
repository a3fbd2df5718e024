extension JSONInput {
    /// The same for a field that may be left out, but not null where the part does not take it: nil is left out.
    package static func present<Part>(_ part: JSONInput<Part>) -> Self where Value == Part? {
        let decode = part.decode
        return Self(part.schema) { document, pointer, faults in
            decode(document, pointer, &faults).map { .some($0) }
        }
    }
}
