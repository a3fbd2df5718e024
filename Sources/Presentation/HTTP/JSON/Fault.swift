/// One thing that is wrong with a request, and where.
package struct Fault: Error, Hashable, Sendable {
    /// Where in the request it stands.
    package enum Place: Hashable, Sendable {
        /// In the body, by JSON Pointer (RFC 6901); empty for the whole of it.
        case body(String)
        /// In the query or a header, by name.
        case parameter(String)
    }

    /// What kind of thing is wrong: stable, for programs.
    package enum Code: String, CaseIterable, Sendable {
        /// It has to be there.
        case required
        /// Nothing of that name is known.
        case unknown
        /// It stands there more than once.
        case repeated
        /// It is a string where a number belongs, or the like.
        case wrongType = "wrong_type"
        /// It is none of the values that are taken.
        case notAllowed = "not_allowed"
        /// It is too small, too large, too short or too long.
        case outOfRange = "out_of_range"
        /// It is not written as it should be.
        case badFormat = "bad_format"
        /// It contradicts something else in the request.
        case contradiction
        /// What it names is not there.
        case notFound = "not_found"
        /// It holds what should not be told, such as a key or the number of a card.
        case sensitive
        /// It is like what nobody asked for.
        case spam
    }

    package let place: Place
    package let code: Code
    /// What was expected, for people.
    package let detail: String

    package init(_ place: Place, _ code: Code, _ detail: String) {
        self.place = place
        self.code = code
        self.detail = detail
    }
}

/// A path into a JSON document, built while walking down.
package struct JSONPointer: Hashable, Sendable {
    /// The pointer as RFC 6901 writes it.
    package let text: String

    /// The whole document.
    package static let root = JSONPointer(text: "")

    /// Where the member of that name stands in what this points at.
    package func member(_ name: String) -> JSONPointer {
        var escaped = text + "/"
        for character in name.unicodeScalars {
            switch character {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return JSONPointer(text: escaped)
    }

    /// Where the element at that index stands in what this points at.
    package func element(_ index: Int) -> JSONPointer {
        JSONPointer(text: "\(text)/\(index)")
    }

    private init(text: String) {
        self.text = text
    }
}
