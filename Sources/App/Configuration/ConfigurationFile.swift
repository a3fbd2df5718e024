import FoundationEssentials

/// Reads a configuration file: one JSON object of settings by name, each a text, a number, true or false, or
/// a list of those.
enum ConfigurationFile {
    /// The values by name, as text.
    ///
    /// - Throws: ``ConfigurationError`` when the file cannot be read or is not such an object.
    static func read(_ path: String) throws(ConfigurationError) -> [String: [String]] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("the configuration file \(path) cannot be read")
        }
        do {
            return try JSONDecoder().decode([String: Value].self, from: data).mapValues(\.texts)
        } catch {
            throw ConfigurationError(
                "the configuration file \(path) is not a JSON object of texts, numbers, true, false and lists"
            )
        }
    }

    private struct Value: Decodable {
        let texts: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                texts = ["\(flag)"]
            } else if let number = try? container.decode(Double.self) {
                texts = [plain(number)]
            } else if let text = try? container.decode(String.self) {
                texts = [text]
            } else {
                texts = try container.decode([Value].self).flatMap(\.texts)
            }
        }
    }
}
