/// How large and how intricate a JSON document may be.
package struct JSONLimits: Sendable {
    /// The names of the limits, for programs.
    package enum Name: String, CaseIterable, Sendable {
        case bytes, depth, values, members, elements, name, text
    }

    /// The bytes of the whole document.
    package var bytes = Int.max
    /// How deep arrays and objects nest.
    package var depth: Int
    /// How many values there are in all, arrays and objects included.
    package var values: Int
    /// The members of one object.
    package var members = Int.max
    /// The elements of one array.
    package var elements = Int.max
    /// The bytes of a member's name, as it is written.
    package var name = Int.max
    /// The bytes of a text, as it is written.
    package var text = Int.max

    package init(depth: Int, values: Int) {
        self.depth = depth
        self.values = values
    }

    /// What the bodies of requests may be: a good deal more than any route takes.
    package static let ofRequests = {
        var limits = JSONLimits(depth: 32, values: 10_000)
        limits.bytes = 256 * 1024
        limits.members = 256
        limits.elements = 2_000
        limits.name = 256
        limits.text = 64 * 1024
        return limits
    }()
}
