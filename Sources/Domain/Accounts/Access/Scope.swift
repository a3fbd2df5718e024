/// What a caller may do: every route needs one of these.
public enum Scope: String, CaseIterable, Sendable {
    /// See tasks, clips, transcripts and files, and follow their progress.
    case tasksRead = "tasks:read"
    /// Order, rename, cancel, resume and delete tasks.
    case tasksWrite = "tasks:write"
    /// Hand in files.
    case uploadsWrite = "uploads:write"
    /// See the jobs of one's tasks.
    case jobsRead = "jobs:read"
    /// Cancel and retry the jobs of one's tasks.
    case jobsWrite = "jobs:write"
    /// See balance, holds, entries and usage.
    case creditsRead = "credits:read"
    /// See one's profile and preferences.
    case accountRead = "account:read"
    /// Change one's profile and preferences.
    case accountWrite = "account:write"
    /// See where events are delivered to, and how.
    case webhooksRead = "webhooks:read"
    /// Change where events are delivered to, and replay them.
    case webhooksWrite = "webhooks:write"
    /// Change password and address, make and revoke keys, end sessions, take everything home, delete oneself.
    case accountSecurity = "account:security"
    /// Look after the server and its users.
    case admin

    /// Whether an API key can have it: what could make more keys, or lock the owner out, needs the person.
    public var isForKeys: Bool { self != .accountSecurity }

    /// Every scope that an API key can have.
    public static let forKeys = Set(allCases.filter(\.isForKeys))
}

extension Role {
    /// Whether a user of that role who has signed in may do what needs `scope`.
    public func allows(_ scope: Scope) -> Bool {
        switch self {
        case .admin: true
        case .user: scope != .admin
        }
    }
}
