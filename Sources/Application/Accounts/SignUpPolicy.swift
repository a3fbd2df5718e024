public import Domain

/// Who may sign up.
public enum SignUpPolicy: String, CaseIterable, Sendable {
    /// Whoever wants.
    case open
    /// Nobody: users are made on the server itself.
    case closed
    /// Who was invited.
    case byInvitation = "invitation"

    /// Checks that somebody may sign up.
    func require(hasInvitation: Bool) throws(SignUpError) {
        switch self {
        case .open: return
        case .closed: throw .closed
        case .byInvitation: guard hasInvitation else { throw .invitationNeeded }
        }
    }
}

/// Why nobody may sign up.
public enum SignUpError: CodedError, Equatable, CaseIterable {
    /// The server takes nobody.
    case closed
    /// The server takes those who were invited.
    case invitationNeeded

    /// The stable code.
    public var code: String {
        switch self {
        case .closed: "sign_up_closed"
        case .invitationNeeded: "sign_up_invitation_needed"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .closed: "Nobody can sign up here. Ask the administrator for an account."
        case .invitationNeeded: "Only those who were invited can sign up here. Ask for an invitation."
        }
    }
}
