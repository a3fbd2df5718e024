/// What cannot be true of the parts of a program and what they need of each other.
public enum ComponentGraphError: CodedError, Equatable {
    /// Two parts have the same name.
    case duplicate(ComponentName)
    /// A part needs one that there is not.
    case unknown(ComponentName, neededBy: ComponentName)
    /// Parts wait for each other: each for the next one, the last for the first, which stands at both ends.
    case cycle([ComponentName])

    /// The stable code.
    public var code: String {
        switch self {
        case .duplicate: "component_duplicate"
        case .unknown: "component_unknown"
        case .cycle: "component_cycle"
        }
    }

    /// What is wrong, by name.
    public var explanation: String {
        switch self {
        case .duplicate(let name): "There are two components called \(name)."
        case .unknown(let name, let user): "The component \(user) needs \(name), which there is not."
        case .cycle(let names):
            "Components wait for each other: \(names.map(\.text).joined(separator: " → "))."
        }
    }
}

/// The parts of a program with what they need of each other: who starts when, and who stops when.
///
/// A part waits for those that it requires and for its optional ones; soft ones it does not wait for, so they may go
/// round in a circle. It is validated once, when it is made.
public struct ComponentGraph: Hashable, Sendable {
    /// The parts in an order in which they can be started one by one; as declared where there is a choice.
    public let order: [ComponentName]
    /// The parts that can be started side by side: each needs something of the level before.
    public let levels: [[ComponentName]]

    private let descriptions: [ComponentName: ComponentDescription]
    private let users: [ComponentName: [ComponentDependency]]

    /// A graph of parts.
    ///
    /// - Throws: ``ComponentGraphError`` where the parts cannot be started in any order.
    public init(_ components: [ComponentDescription]) throws(ComponentGraphError) {
        var descriptions: [ComponentName: ComponentDescription] = [:]
        for component in components {
            guard descriptions.updateValue(component, forKey: component.name) == nil else {
                throw .duplicate(component.name)
            }
        }
        var users: [ComponentName: [ComponentDependency]] = [:]
        for component in components {
            for dependency in component.dependencies {
                guard descriptions[dependency.name] != nil else {
                    throw .unknown(dependency.name, neededBy: component.name)
                }
                users[dependency.name, default: []].append(
                    ComponentDependency(component.name, dependency.kind))
            }
        }
        self.descriptions = descriptions
        self.users = users
        (order, levels) = try Self.sort(components)
    }

    /// A graph without parts.
    public init() {
        (order, levels, descriptions, users) = ([], [], [:], [:])
    }

    /// What the part of that name says about itself; nil where there is none.
    public subscript(name: ComponentName) -> ComponentDescription? { descriptions[name] }

    /// Who needs a part directly, and how much.
    public func dependents(of name: ComponentName) -> [ComponentDependency] { users[name] ?? [] }

    /// Those that cannot work without a part, directly or by others that cannot; in the order of starting.
    public func requiring(_ name: ComponentName) -> [ComponentName] {
        var found: Set<ComponentName> = [name]
        for candidate in order {
            let needs = descriptions[candidate]?.dependencies ?? []
            if needs.contains(where: { $0.kind == .required && found.contains($0.name) }) {
                found.insert(candidate)
            }
        }
        return order.filter { $0 != name && found.contains($0) }
    }

    /// These parts and all that they wait for; in the order of starting.
    public func withAwaited(_ names: some Sequence<ComponentName>) -> [ComponentName] {
        var found = Set(names)
        for name in order.reversed() where found.contains(name) {
            for dependency in awaited(by: name) { found.insert(dependency) }
        }
        return order.filter(found.contains)
    }

    /// The parts that start with the program: the eager ones, and what they wait for.
    public var eager: [ComponentName] {
        withAwaited(order.filter { descriptions[$0]?.activation == .eager })
    }

    /// The parts that one waits for before it starts: its required and its optional ones.
    public func awaited(by name: ComponentName) -> [ComponentName] {
        descriptions[name]?.awaited ?? []
    }

    /// The chain of parts that takes longest to start, when each starts as soon as it can: nothing starts the whole
    /// in less.
    ///
    /// - Parameter duration: How long the start of a part takes.
    public func criticalPath(
        _ duration: (ComponentName) -> Duration
    ) -> (names: [ComponentName], duration: Duration) {
        var ends: [ComponentName: (at: Duration, after: ComponentName?)] = [:]
        for name in order {
            let last = awaited(by: name).max { Self.end($0, in: ends) < Self.end($1, in: ends) }
            let begin = last.map { Self.end($0, in: ends) } ?? .zero
            ends[name] = (begin + duration(name), last)
        }
        // The first of equals, so that the answer is always the same.
        guard var last = order.first else { return ([], .zero) }
        for name in order where Self.end(name, in: ends) > Self.end(last, in: ends) { last = name }
        var path = [last]
        while let before = ends[path[path.count - 1]]?.after { path.append(before) }
        return (path.reversed(), Self.end(last, in: ends))
    }

    private static func end(
        _ name: ComponentName, in ends: [ComponentName: (at: Duration, after: ComponentName?)]
    ) -> Duration {
        ends[name]?.at ?? .zero
    }

    /// Sorts by levels.
    ///
    /// After Kahn, "Topological sorting of large networks" (1962).
    private static func sort(
        _ components: [ComponentDescription]
    ) throws(ComponentGraphError) -> (order: [ComponentName], levels: [[ComponentName]]) {
        var placed: Set<ComponentName> = []
        var levels: [[ComponentName]] = []
        var rest = components
        while !rest.isEmpty {
            let level = rest.filter { $0.awaited.allSatisfy(placed.contains) }.map(\.name)
            guard !level.isEmpty else { throw .cycle(cycle(in: rest)) }
            placed.formUnion(level)
            rest.removeAll { placed.contains($0.name) }
            levels.append(level)
        }
        return (levels.flatMap { $0 }, levels)
    }

    /// The first cycle among parts of which each waits for another one of them.
    private static func cycle(in components: [ComponentDescription]) -> [ComponentName] {
        let rest = Dictionary(uniqueKeysWithValues: components.map { ($0.name, $0) })
        var path: [ComponentName] = []
        var next = components.first?.name
        while let name = next {
            if let start = path.firstIndex(of: name) { return Array(path[start...]) + [name] }
            path.append(name)
            next = rest[name]?.awaited.first { rest[$0] != nil }
        }
        return path
    }
}

extension ComponentDescription {
    /// The parts that it waits for, each once.
    fileprivate var awaited: [ComponentName] {
        var seen: Set<ComponentName> = []
        return dependencies.filter { $0.kind != .soft && seen.insert($0.name).inserted }.map(\.name)
    }
}
