internal import Application
internal import Domain

extension ConfigurationWire {
    private static let longestText = 4096
    /// The greatest whole number that every reader of JSON understands.
    private static let greatestNumber = 1 << 53

    /// A merge patch: settings by name, those that begin alike together if one likes; null takes one back.
    static let patch = JSONInput<[String: String?]>(
        JSONSchema.map(of: .any("string", "number", "boolean", "array", "object", "null"))
            .described("Settings by name: {\"chat_model\": \"large\"} is {\"chat\": {\"model\": \"large\"}}.")
            .exemplified(["sign_up": "invitation", "chat_model": nil]).named("ConfigurationPatch")
    ) { document, pointer, faults in
        guard case .object(let object) = document else {
            faults.append(.wrongType(document, at: pointer, expected: "an object"))
            return nil
        }
        let before = faults.count
        var settings: [String: String?] = [:]
        collect(object, under: "", at: pointer, into: &settings, &faults)
        return faults.count == before ? settings : nil
    }

    static let rollback = JSONInput<Int64>.object(
        "ConfigurationRollback", "Where to go back to.",
        JSONInputField<Int>.required(
            "version", .integer(1...greatestNumber), "The revision that is to hold again.", example: 3)
    ) { number throws(Faults) in Int64(number) }

    /// What ``export`` hands out; what it says beside the settings is passed over.
    static let bringIn = JSONInput<[String: String]>.object(
        "ConfigurationImport", "What was handed out.",
        JSONInputField<[String: String?]>.required("settings", patch, "The values, by name."),
        JSONInputField<String>.optional("service", .text(length: 0...64), "Whose it was.", default: ""),
        JSONInputField<Int>.optional("version", .integer(0...greatestNumber), "The revision.", default: 0),
        JSONInputField<String>.optional(
            "checksum", .text(length: 0...64), "What it was told by.", default: ""),
        JSONInputField<String>.optional("timestamp", .text(length: 0...64), "When that was.", default: "")
    ) { settings, _, _, _, _ throws(Faults) in
        let missing = settings.filter { $0.value == nil }.keys.sorted()
        guard missing.isEmpty else {
            throw Faults(
                missing.map { name in
                    Fault(
                        .body(JSONPointer.root.member("settings").member(name).text), .required,
                        "must have a value")
                })
        }
        return settings.compactMapValues(\.self)
    }

    private static func collect(
        _ object: JSONObject, under prefix: String, at pointer: JSONPointer,
        into settings: inout [String: String?], _ faults: inout [Fault]
    ) {
        for member in object.members {
            let (name, place) = (prefix + member.name, pointer.member(member.name))
            if case .object(let inner) = member.value {
                collect(inner, under: name + "_", at: place, into: &settings, &faults)
            } else if settings[name] != nil {
                faults.append(Fault(.body(place.text), .repeated, "\(name) stands there twice"))
            } else if case .null = member.value {
                settings[name] = .some(nil)
            } else if let text = text(of: member.value, at: place, &faults) {
                settings[name] = text
            }
        }
    }

    /// A value as a variable of the environment has it; nil where it cannot be one.
    private static func text(of value: JSONValue, at place: JSONPointer, _ faults: inout [Fault]) -> String? {
        let text: String
        switch value {
        case .bool(let flag): text = "\(flag)"
        case .integer(let number): text = "\(number)"
        case .number(let number): text = "\(number)"
        case .string(let line): text = line
        case .array(let elements):
            let texts = elements.enumerated().compactMap { index, element -> String? in
                guard case .array = element else {
                    return Self.text(of: element, at: place.element(index), &faults)
                }
                faults.append(.wrongType(element, at: place.element(index), expected: "one value"))
                return nil
            }
            guard texts.count == elements.count else { return nil }
            if let comma = texts.firstIndex(where: { $0.contains(",") }) {
                faults.append(
                    Fault(.body(place.element(comma).text), .badFormat, "must not have a comma in a list"))
                return nil
            }
            text = texts.joined(separator: ",")
        case .null, .object:
            faults.append(.wrongType(value, at: place, expected: "one value"))
            return nil
        }
        guard text.unicodeScalars.count <= longestText,
            !text.unicodeScalars.contains(where: { $0.value < 0x20 })
        else {
            faults.append(
                Fault(.body(place.text), .outOfRange, "must be one line of at most \(longestText) characters")
            )
            return nil
        }
        return text
    }
}
