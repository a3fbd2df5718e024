/// A path with places for arguments, such as `/api/v1/tasks/{id}`, perhaps with a verb behind one, as in `{name}:restart`.
package struct PathTemplate: Hashable, Sendable {
    /// One part between slashes.
    package enum Segment: Hashable, Sendable {
        case literal(String)
        case argument(String)
        /// An argument with a colon and what is done to it behind.
        case action(String, verb: String)

        fileprivate init(_ part: Substring) {
            guard part.hasPrefix("{"), let end = part.firstIndex(of: "}") else {
                self = .literal(String(part))
                return
            }
            let name = String(part[part.index(after: part.startIndex)..<end])
            let rest = part[part.index(after: end)...]
            self = rest.isEmpty ? .argument(name) : .action(name, verb: String(rest.dropFirst()))
        }

        /// The name of its argument; nil where it has none.
        package var argument: String? {
            switch self {
            case .literal: nil
            case .argument(let name), .action(let name, _): name
            }
        }
    }

    /// The template as it is written.
    package let text: String
    /// Its parts.
    package let segments: [Segment]

    /// The template that `text` states: it begins with a slash, arguments stand in braces.
    package init(_ text: String) {
        self.text = text
        segments = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(Segment.init)
    }

    /// The names of its arguments, in order.
    package var arguments: [String] {
        segments.compactMap(\.argument)
    }
}

/// Finds what stands under a path.
///
/// A tree of segments: at each step a literal is preferred to an argument with a verb, and that to one without. Literals are compared as bytes; a
/// client may percent-encode them, which is rare and takes a slower way.
package struct PathTree<Leaf: Sendable>: Sendable {
    private struct Node: Sendable {
        var literals: [(name: [UInt8], node: Int)] = []
        /// Arguments with a verb behind; its bytes begin with the colon.
        var actions: [(verb: [UInt8], node: Int)] = []
        var argument: Int?
        var leaf: Leaf?
    }

    private var nodes = [Node()]

    package init() {}

    /// What stands under that template; setting makes the way to it.
    package mutating func update(_ template: PathTemplate, _ change: (inout Leaf?) -> Void) {
        var current = 0
        for segment in template.segments {
            switch segment {
            case .literal(let name):
                let bytes = Array(name.utf8)
                if let next = nodes[current].literals.first(where: { $0.name == bytes }) {
                    current = next.node
                } else {
                    nodes.append(Node())
                    nodes[current].literals.append((bytes, nodes.count - 1))
                    current = nodes.count - 1
                }
            case .action(_, let verb):
                let bytes = Array(":\(verb)".utf8)
                if let next = nodes[current].actions.first(where: { $0.verb == bytes }) {
                    current = next.node
                } else {
                    nodes.append(Node())
                    nodes[current].actions.append((bytes, nodes.count - 1))
                    current = nodes.count - 1
                }
            case .argument:
                if let next = nodes[current].argument {
                    current = next
                } else {
                    nodes.append(Node())
                    nodes[current].argument = nodes.count - 1
                    current = nodes.count - 1
                }
            }
        }
        change(&nodes[current].leaf)
    }

    /// What stands under a raw path, and its arguments; nil when nothing does.
    package func find(_ path: String) -> (leaf: Leaf, arguments: PathArguments)? {
        var path = path
        return path.withUTF8 { bytes in
            guard bytes.first == UInt8(ascii: "/") else { return nil }
            var arguments = PathArguments()
            var current = 0
            var start = 1
            while start <= bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
                guard let next = step(from: current, bytes[start..<end], start..<end, &arguments) else {
                    return nil
                }
                current = next
                start = end + 1
            }
            return nodes[current].leaf.map { ($0, arguments) }
        }
    }

    private func step(
        from node: Int, _ segment: Slice<UnsafeBufferPointer<UInt8>>, _ range: Range<Int>,
        _ arguments: inout PathArguments
    ) -> Int? {
        for literal in nodes[node].literals
        where literal.name.count == segment.count && literal.name.elementsEqual(segment) {
            return literal.node
        }
        if segment.contains(UInt8(ascii: "%")), let decoded = PercentEncoding.decode(segment) {
            for literal in nodes[node].literals where decoded.utf8.elementsEqual(literal.name) {
                return literal.node
            }
        }
        for action in nodes[node].actions
        where segment.count > action.verb.count
            && segment.suffix(action.verb.count).elementsEqual(action.verb)
        {
            arguments.append(range.lowerBound..<range.upperBound - action.verb.count)
            return action.node
        }
        guard let next = nodes[node].argument, !segment.isEmpty else { return nil }
        arguments.append(range)
        return next
    }
}

/// Where in a path its arguments stand; at most four, kept without a heap.
package struct PathArguments: Sendable {
    private var ranges: (Range<Int>, Range<Int>, Range<Int>, Range<Int>) = (0..<0, 0..<0, 0..<0, 0..<0)
    package private(set) var count = 0

    package init() {}

    fileprivate mutating func append(_ range: Range<Int>) {
        switch count {
        case 0: ranges.0 = range
        case 1: ranges.1 = range
        case 2: ranges.2 = range
        default: ranges.3 = range
        }
        count += 1
    }

    /// The argument at that place, as it stands in `path`, undecoded.
    package func raw(_ index: Int, in path: String) -> Substring {
        let range =
            switch index {
            case 0: ranges.0
            case 1: ranges.1
            case 2: ranges.2
            default: ranges.3
            }
        let start = path.utf8.index(path.utf8.startIndex, offsetBy: range.lowerBound)
        return path[start..<path.utf8.index(start, offsetBy: range.count)]
    }
}

/// The percent-encoding of RFC 3986.
package enum PercentEncoding {
    /// What `bytes` stand for; nil when an escape is broken, for NUL, and for what is not UTF-8.
    package static func decode(_ bytes: some Collection<UInt8>, plusIsSpace: Bool = false) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            if byte == UInt8(ascii: "+"), plusIsSpace {
                decoded.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%") {
                guard let high = rest.next().flatMap(value(of:)), let low = rest.next().flatMap(value(of:))
                else { return nil }
                decoded.append(high << 4 | low)
            } else {
                decoded.append(byte)
            }
        }
        guard !decoded.contains(0) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
