import Presentation

/// The OpenAPI document as a judge of answers: status, type, header fields and every field of the body.
struct Contract: Sendable {
    let document: JSONValue

    init(_ bytes: [UInt8]) throws {
        document = try JSONReader(depth: 64, values: 1_000_000).read(bytes)
    }

    /// What of an answer the document does not say.
    func violations(_ method: String, _ path: String, _ answer: APIFixture.Answer) -> [String] {
        let served = method == "HEAD" ? "get" : method.lowercased()
        guard let template = template(for: path), method != "OPTIONS" else { return [] }
        let item = document["paths"]?[template]
        // What 405 looks like is said by each method that there is.
        guard let operation = item?[served] ?? item?.object?.members.first?.value else {
            return ["no operation"]
        }
        guard var response = operation["responses"]?[String(answer.status)] else {
            return ["\(template) does not declare \(answer.status)"]
        }
        if let reference = response["$ref"]?.text {
            let name = String(reference.split(separator: "/").last ?? "")
            response = document["components"]?["responses"]?[name] ?? nil
        }
        var violations: [String] = []
        for (name, _) in members(response["headers"]) where answer.fields[name] == nil && answer.status < 300
        {
            violations.append("\(name) is missing")
        }
        if case .empty = answer.body, response["content"] == nil { return violations }
        guard let type = answer.fields["Content-Type"].flatMap({ MediaType($0)?.essence }) else {
            if response["content"] != nil { violations.append("no Content-Type") }
            return violations
        }
        guard let content = response["content"]?[type] else {
            return violations + ["\(type) is not declared"]
        }
        if type.hasSuffix("json"), let schema = content["schema"] {
            violations += mismatches(answer.json, schema, at: "")
        }
        return violations
    }

    /// The path of the document that a path of a request belongs to.
    private func template(for path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return members(document["paths"]).map(\.name).filter { template in
            let wanted = template.split(separator: "/", omittingEmptySubsequences: false)
            return wanted.count == parts.count
                && zip(wanted, parts).allSatisfy { place, part in
                    // What stands behind an argument, such as `:restart`, is there too.
                    place == part
                        || place.hasPrefix("{") && part.hasSuffix(place.drop { $0 != "}" }.dropFirst())
                }
        }.min { Self.freedom(of: $0) < Self.freedom(of: $1) }
    }

    /// How much of a template is left open: arguments alone count more than those with something behind.
    private static func freedom(of template: String) -> Int {
        template.split(separator: "/").reduce(0) { $0 + ($1.hasPrefix("{") ? $1.hasSuffix("}") ? 2 : 1 : 0) }
    }

    /// Where `value` is not what `schema` says: of JSON Schema what the document uses.
    func mismatches(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        if let reference = schema["$ref"]?.text {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let target = document["components"]?["schemas"]?[name] else {
                return ["\(place): no \(name)"]
            }
            return mismatches(value, target, at: place)
        }
        if let choices = schema["oneOf"]?.elements {
            let fitting = choices.count { mismatches(value, $0, at: place).isEmpty }
            return fitting == 1 ? [] : ["\(place): fits \(fitting) of \(choices.count)"]
        }
        var found: [String] = []
        let types = schema["type"].map { $0.elements ?? [$0] } ?? []
        if !types.contains(where: { matches(value, $0.text ?? "") }) { return ["\(place): is \(value.kind)"] }
        if let values = schema["enum"]?.elements, !values.contains(value) {
            found.append("\(place): \(value)")
        }
        if let number = value.number {
            if let least = schema["minimum"]?.number, number < least { found.append("\(place): \(number)") }
            if let most = schema["maximum"]?.number, number > most { found.append("\(place): \(number)") }
        }
        if let text = value.text {
            if let most = schema["maxLength"]?.number, Double(text.unicodeScalars.count) > most {
                found.append("\(place): too long")
            }
            if let pattern = schema["pattern"]?.text, let regex = try? Regex(pattern),
                (try? regex.firstMatch(in: text)) == nil
            {
                found.append("\(place): does not match \(pattern)")
            }
        }
        for (index, element) in (value.elements ?? []).enumerated() {
            if let items = schema["items"] { found += mismatches(element, items, at: "\(place)/\(index)") }
        }
        guard let object = value.object else { return found }
        for name in schema["required"]?.elements ?? [] where object[name.text ?? ""] == nil {
            found.append("\(place)/\(name.text ?? ""): missing")
        }
        for member in object.members {
            let place = "\(place)/\(member.name)"
            if let property = schema["properties"]?[member.name] {
                found += mismatches(member.value, property, at: place)
            } else if case .object? = schema["additionalProperties"] {
                found += mismatches(member.value, schema["additionalProperties"] ?? nil, at: place)
            } else {
                found.append("\(place): unknown")
            }
        }
        return found
    }

    private func matches(_ value: JSONValue, _ type: String) -> Bool {
        value.kind == type || type == "number" && value.kind == "integer"
    }

    private func members(_ value: JSONValue?) -> [(name: String, value: JSONValue)] {
        (value?.object?.members ?? []).map { ($0.name, $0.value) }
    }
}
