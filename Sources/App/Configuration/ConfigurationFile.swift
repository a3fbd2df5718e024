import FoundationEssentials

/// Reads a configuration file: one JSON object of settings by name, each a text, a number, true or false, or
/// a list of those.
///
/// Settings whose names begin alike may stand together: `{"chat": {"url": …, "model": …}}` is `chat_url` and
/// `chat_model`.
enum ConfigurationFile {
    /// The values by name, as text.
    ///
    /// - Throws: ``ConfigurationError`` when the file cannot be read, is not such an object, or says one thing twice.
    static func read(_ path: String) throws(ConfigurationError) -> [String: [String]] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("the configuration file \(path) cannot be read")
        }
        let tree: Value
        do {
            tree = try JSONDecoder().decode(Value.self, from: data)
        } catch {
            throw notUnderstood(path)
        }
        guard case .members(let members) = tree else { throw notUnderstood(path) }
        var values: [String: [String]] = [:]
        try collect(members, under: "", of: path, into: &values)
        return values
    }

    private static func collect(
        _ members: [String: Value], under prefix: String, of path: String,
        into values: inout [String: [String]]
    ) throws(ConfigurationError) {
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            let name = prefix + key
            switch value {
            case .members(let inner) where inner.isEmpty: throw notUnderstood(path)
            case .members(let inner): try collect(inner, under: name + "_", of: path, into: &values)
            case .texts(let texts):
                guard values.updateValue(texts, forKey: name) == nil else {
                    throw ConfigurationError("the configuration file \(path) says \(name) twice")
                }
            }
        }
    }

    private static func notUnderstood(_ path: String) -> ConfigurationError {
        ConfigurationError(
            "the configuration file \(path) is not a JSON object of texts, numbers, true, false, lists and objects of "
                + "those")
    }

    private enum Value: Decodable {
        case texts([String])
        case members([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                self = .texts(["\(flag)"])
            } else if let number = try? container.decode(Double.self) {
                self = .texts([plain(number)])
            } else if let text = try? container.decode(String.self) {
                self = .texts([text])
            } else if let elements = try? container.decode([Value].self) {
                self = .texts(
                    try elements.flatMap { element -> [String] in
                        guard case .texts(let texts) = element else {
                            throw DecodingError.dataCorruptedError(
                                in: container, debugDescription: "an object in a list")
                        }
                        return texts
                    })
            } else {
                self = .members(try container.decode([String: Value].self))
            }
        }
    }
}
