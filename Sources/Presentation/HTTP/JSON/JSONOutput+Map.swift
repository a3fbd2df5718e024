extension JSONOutput {
    /// An object with a member for each pair, in their order.
    package static func map<Element>(of element: JSONOutput<Element>) -> Self
    where Value == [(name: String, value: Element)] {
        let write = element.write
        return Self(.map(of: element.schema)) { pairs, writer in
            writer.beginObject()
            for pair in pairs {
                writer.key(named: pair.name)
                write(pair.value, &writer)
            }
            writer.endObject()
        }
    }
}
