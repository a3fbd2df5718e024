/// A value that a request carries beside its body: where it stands, how it is read, and its schema.
package struct Parameter<Value: Sendable>: Sendable {
    package let declaration: ParameterDeclaration
    /// Reads what stands there (nil for nothing); nil when it cannot be, with the reason in the fault.
    private let parse: @Sendable (String?) -> Result<Value, ParameterFault>

    /// Reads the value of a request; nil when it cannot be, with the reason in `faults`.
    ///
    /// - Throws: ``ProblemKind/notFound`` for an argument of the path that is malformed: nothing is there.
    package func read(_ call: Call, _ faults: inout [Fault]) throws(Problem) -> Value? {
        switch declaration.place {
        case .path:
            let text = call.argument(declaration.name)
            guard case .success(let value) = parse(text) else {
                throw Problem(.notFound, "There is nothing under this address.")
            }
            return value
        case .query:
            let values = call.query.values(of: declaration.name)
            guard values.count <= 1 else { return fail(.repeated, "must stand only once", &faults) }
            return parsed(values.first, &faults)
        case .header:
            return parsed(call.request.fields[declaration.name], &faults)
        }
    }

    private func parsed(_ text: String?, _ faults: inout [Fault]) -> Value? {
        switch parse(text) {
        case .success(let value): return value
        case .failure(let fault): return fail(fault.code, fault.detail, &faults)
        }
    }

    private func fail(_ code: Fault.Code, _ detail: String, _ faults: inout [Fault]) -> Value? {
        faults.append(Fault(.parameter(declaration.name), code, detail))
        return nil
    }
}

/// Why a parameter cannot be read.
package struct ParameterFault: Error, Sendable {
    let code: Fault.Code
    let detail: String

    package init(_ code: Fault.Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}

/// What the document says about a parameter.
package struct ParameterDeclaration: Hashable, Sendable {
    /// Where in a request it stands.
    package enum Place: String, Sendable {
        case path, query, header
    }

    package let name: String
    package let place: Place
    package let isRequired: Bool
    package let schema: JSONSchema
    package let doc: String
    package let example: JSONValue?
}

extension Parameter {
    /// An argument of the path; what cannot be read is not there.
    package static func path(
        _ name: String, _ schema: JSONSchema, _ doc: String, example: JSONValue? = nil,
        parse: @escaping @Sendable (String) -> Value?
    ) -> Self {
        let declaration = ParameterDeclaration(
            name: name, place: .path, isRequired: true, schema: schema, doc: doc, example: example)
        return Self(declaration: declaration) { text in
            guard let value = text.flatMap(parse) else {
                return .failure(ParameterFault(.badFormat, "cannot be read"))
            }
            return .success(value)
        }
    }

    /// A parameter of the query or header that may be left out.
    package static func optional(
        _ place: ParameterDeclaration.Place, _ name: String, _ schema: JSONSchema, _ doc: String,
        example: JSONValue? = nil, default absent: Value,
        parse: @escaping @Sendable (String) -> Result<Value, ParameterFault>
    ) -> Self {
        let declaration = ParameterDeclaration(
            name: name, place: place, isRequired: false, schema: schema, doc: doc, example: example)
        return Self(declaration: declaration) { text in
            guard let text else { return .success(absent) }
            return parse(text)
        }
    }

    /// A whole number in the query, with what its absence means.
    package static func query(
        _ name: String, _ range: ClosedRange<Int>, _ doc: String, default absent: Int
    ) -> Self where Value == Int {
        let schema = JSONSchema.integer(Int64(range.lowerBound), Int64(range.upperBound))
            .defaulting(to: .integer(Int64(absent)))
        return .optional(.query, name, schema, doc, default: absent) { text in
            guard let number = Int(text), text.utf8.first != UInt8(ascii: "+") else {
                return .failure(ParameterFault(.wrongType, "must be a whole number"))
            }
            guard range.contains(number) else {
                let detail = "must be from \(range.lowerBound) to \(range.upperBound)"
                return .failure(ParameterFault(.outOfRange, detail))
            }
            return .success(number)
        }
    }

    /// One of the names of an enumeration in the query, nil when it is absent.
    package static func query<Name>(_ name: String, _ doc: String) -> Self
    where Value == Name?, Name: RawRepresentable & CaseIterable & Sendable, Name.RawValue == String {
        let names = Name.allCases.map(\.rawValue)
        return .optional(.query, name, .string(oneOf: names), doc, default: nil) { text in
            guard let value = Name(rawValue: text) else {
                let detail = "must be one of \(names.joined(separator: ", "))"
                return .failure(ParameterFault(.notAllowed, detail))
            }
            return .success(value)
        }
    }
}
