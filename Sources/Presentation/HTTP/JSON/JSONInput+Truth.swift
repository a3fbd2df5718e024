extension JSONInput where Value == Bool {
    /// True or false.
    package static var truth: Self {
        Self(.boolean) { document, pointer, faults in
            if case .bool(let isTrue) = document { return isTrue }
            faults.append(.wrongType(document, at: pointer, expected: "true or false"))
            return nil
        }
    }
}
