/// Why something cannot be done to a part now.
public enum ComponentError: CodedError, Equatable {
    /// It cannot be restarted alone.
    case notRestartable(ComponentName)
    /// Parts that cannot be restarted need it.
    case heldByOthers(ComponentName, others: [ComponentName])
    /// It is being started or stopped.
    case busy(ComponentName)
    /// The whole program is ending.
    case ending

    /// The stable code.
    public var code: String {
        switch self {
        case .notRestartable: "component_not_restartable"
        case .heldByOthers: "component_held"
        case .busy: "component_busy"
        case .ending: "component_ending"
        }
    }

    /// Why, and what to do instead.
    public var explanation: String {
        switch self {
        case .notRestartable(let name): "\(name) goes on for as long as the program does; restart that."
        case .heldByOthers(let name, let others):
            """
            \(name) is needed by \(others.map(\.text).joined(separator: ", ")), which cannot be restarted alone; \
            restart the program.
            """
        case .busy(let name): "\(name) is being started or stopped; ask again when it is not."
        case .ending: "The program is ending."
        }
    }
}
