/// The rules of a user's life.
public enum UserError: CodedError, Equatable {
    /// What was asked needs a user who has not been deleted.
    case deleted
    /// What was asked needs a user who has not been switched off.
    case inactive
    /// What was asked needs a user who is not kept out.
    case suspended(until: Timestamp?)
    /// Only an inactive user can be activated.
    case alreadyActive
    /// Only a suspended user can be let in again before the end.
    case notSuspended
    /// A suspension has a reason of 1–500 characters.
    case suspensionReason
    /// A suspension ends after it begins.
    case suspensionEnd
    /// The server keeps at least one active administrator.
    case lastAdministrator
    /// The address that was verified is no longer the user's.
    case otherAddress

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .deleted: "user_deleted"
        case .inactive: "user_inactive"
        case .suspended: "user_suspended"
        case .alreadyActive: "user_already_active"
        case .notSuspended: "user_not_suspended"
        case .suspensionReason: "suspension_reason"
        case .suspensionEnd: "suspension_end"
        case .lastAdministrator: "last_administrator"
        case .otherAddress: "email_no_longer_used"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .deleted: "The user has been deleted."
        case .inactive: "The user is inactive. An administrator can activate it."
        case .suspended(until: nil): "The user is suspended until an administrator ends it."
        case .suspended: "The user is suspended for a time."
        case .alreadyActive: "The user is active already."
        case .notSuspended: "The user is not suspended."
        case .suspensionReason:
            "A suspension has a reason of \(Suspension.reasonLength.lowerBound)–"
                + "\(Suspension.reasonLength.upperBound) characters."
        case .suspensionEnd: "A suspension ends later than now, or has no end."
        case .lastAdministrator:
            "This is the last active administrator. Make someone else an administrator first."
        case .otherAddress: "The user has another address by now. Ask for a new message."
        }
    }
}
