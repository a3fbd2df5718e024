internal import Application
internal import Domain

/// Looking after a server and its users.
enum AdminRoutes {
    /// All routes that need an administrator.
    static func all(
        _ capabilities: AdminCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>
    ) -> [Route] {
        UserAdminRoutes(capabilities, callers: callers).all
            + StandingRoutes(capabilities, callers: callers).all
            + InvitationRoutes(capabilities, callers: callers).all
            + TierRoutes(capabilities, callers: callers).all + AuditRoutes(capabilities, callers: callers).all
            + SettingRoutes(capabilities, callers: callers).all
    }

    /// Does something to what is someone else's.
    ///
    /// What a rule says about the one to whom it is done is then about the state of a thing, not about who calls.
    static func acting<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as UserError {
            throw Problem(ofAdministration: error)
        } catch let error as CreditError {
            throw Problem(ofAdministration: error)
        } catch let error as InvitationError {
            throw Problem(.conflict, error.explanation)
        } catch let error as SettingRefusal {
            throw Problem(faults: [Fault(.body("/value"), .badFormat, error.expectation)])
        }
    }
}

extension Problem {
    fileprivate init(ofAdministration error: UserError) {
        switch error {
        case .suspensionReason:
            self.init(faults: [Fault(.body("/reason"), .outOfRange, error.explanation)])
        case .suspensionEnd: self.init(faults: [Fault(.body("/until"), .outOfRange, error.explanation)])
        default: self.init(.conflict, error.explanation)
        }
    }

    fileprivate init(ofAdministration error: CreditError) {
        switch error {
        case .amount: self.init(faults: [Fault(.body("/amount"), .outOfRange, error.explanation)])
        case .reason: self.init(faults: [Fault(.body("/reason"), .outOfRange, error.explanation)])
        default: self.init(.conflict, error.explanation)
        }
    }
}
