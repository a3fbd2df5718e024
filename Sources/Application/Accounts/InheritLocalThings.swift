public import Domain

/// Gives an administrator what the local user has: what was made before people had to sign in, and what was made since
/// by commands on the server's data folder, or while the server had no accounts for a time.
///
/// Nobody else would ever find it.
public struct InheritLocalThings: Sendable {
    /// What came of it.
    public enum Outcome: Hashable, Sendable {
        /// There was nothing, or nobody to give it to.
        case nothing
        /// The administrator of longest standing has it.
        case inherited(by: Identifier<User>)
        /// A command still works for the local user, and looks for what it makes there.
        case postponed
    }

    /// How many jobs of commands are looked at.
    private static let batch = 100

    private let desk: AccountDesk
    private let owners: any OwnerRegistry

    /// The use case over its ports.
    public init(desk: AccountDesk, owners: any OwnerRegistry) {
        self.desk = desk
        self.owners = owners
    }

    /// Hands everything over, unless a command is at work.
    public func callAsFunction() async throws -> Outcome {
        let deed = desk.deed(by: .server, from: .server)
        let commands = try desk.store.read { reader in
            let waiting = try reader.jobs.waiting(inQueuesNamed: Job.privateQueuePrefix, limit: Self.batch)
            let running = try reader.jobs.owners().flatMap { try reader.jobs.held(by: $0) }
            return Set((waiting + running).compactMap(\.privateOwner))
        }
        guard try commands.allSatisfy(owners.isGone) else { return .postponed }
        return try await desk.store.write { writer in
            guard let heir = try writer.users.firstAdministrator(at: deed.now),
                try writer.inheritLocalThings(heir, doing: deed)
            else { return .nothing }
            return .inherited(by: heir)
        }
    }
}

extension StoreWriter {
    /// Makes what is the local user's another's; says whether there was anything.
    func inheritLocalThings(_ heir: Identifier<User>, doing deed: Deed) throws -> Bool {
        guard try ownershipWriter.handOver(everythingOf: User.local, to: heir) else { return false }
        try note(.ownershipHandedOver, on: .user(heir), of: deed, detail: "of the local user")
        return true
    }
}
