internal import Application
internal import Domain

/// The kinds of refusal that have to do with people.
extension ProblemKind {
    static let signInWrong = named("sign_in_wrong")
    static let signInThrottled = named("sign_in_throttled")
    static let userClosed = named("user_closed")
    static let usernameTaken = named("username_taken")
    static let emailTaken = named("email_taken")
    static let signUpRefused = named("sign_up_refused")
    static let exportTooSoon = named("export_too_soon")
    static let csrfRefused = named("csrf_refused")
    static let codeRefused = named("code_refused")
    static let passwordRefused = named("password_refused")
    static let keyScopeRefused = named("api_key_scope")
    static let tooManyKeys = named("api_key_too_many")
}

extension Problem {
    /// The refusals that have to do with people; nil for any other error.
    init?(ofAccounts error: any CodedError, at now: Timestamp?) {
        switch error {
        case let error as SignInError: self.init(error, at: now)
        case IdentificationError.forged:
            self.init(.csrfRefused, IdentificationError.forged.explanation)
        case let error as IdentificationError:
            self = .unauthenticated(error.explanation, isTokenInvalid: true)
        case let error as SessionError: self = .unauthenticated(error.explanation, isTokenInvalid: true)
        case let error as UserConflict:
            self.init(error == .username ? .usernameTaken : .emailTaken, error.explanation)
        case let error as SignUpError: self.init(.signUpRefused, error.explanation)
        case let error as TokenError: self.init(.codeRefused, error.explanation)
        case let error as MailedTokenError: self.init(.codeRefused, error.explanation)
        case let error as InvitationError: self.init(.codeRefused, error.explanation)
        case ExportError.tooSoon(let until):
            self.init(
                .exportTooSoon, ExportError.tooSoon(until: until).explanation,
                fields: Self.retry(from: until, at: now))
        case PreferencesError.template:
            let fault = Fault(
                .body("/captions/template"), .notAllowed, PreferencesError.template.explanation)
            self.init(faults: [fault])
        case PreferencesError.font:
            self.init(faults: [
                Fault(.body("/captions/font"), .notAllowed, PreferencesError.font.explanation)
            ])
        case let error as PasswordError: self.init(.passwordRefused, error.explanation)
        case let error as ConfirmationError: self.init(error)
        case let error as EmailAddressError:
            self.init(faults: [Fault(.body("/email"), .badFormat, error.explanation)])
        case let error as ProfileError: self.init(error)
        case let error as UserError: self.init(error)
        case let error as APIKeyError: self.init(error)
        case let error as OrderRefusal: self.init(error, at: now)
        case let error as QuotaError: self.init(error, at: now)
        default: return nil
        }
    }

    private init(_ error: SignInError, at now: Timestamp?) {
        switch error {
        case .wrong: self.init(.signInWrong, error.explanation)
        case .throttled(let until, _):
            self.init(.signInThrottled, error.explanation, fields: Self.retry(from: until, at: now))
        }
    }

    private init(_ error: ConfirmationError) {
        switch error {
        case .passwordNeeded:
            self.init(faults: [Fault(.body("/password"), .required, error.explanation)])
        case .ownAccount: self.init(.conflict, error.explanation)
        }
    }

    private init(_ error: ProfileError) {
        let pointer =
            switch error {
            case .usernameLength, .usernameCharacters, .usernameReserved: "/username"
            case .nameLength, .nameCharacters: ""
            case .timeZone: "/time_zone"
            }
        self.init(faults: [Fault(.body(pointer), .badFormat, error.explanation)])
    }

    private init(_ error: UserError) {
        switch error {
        case .inactive, .suspended, .deleted: self.init(.userClosed, error.explanation)
        default: self.init(.conflict, error.explanation)
        }
    }

    private init(_ error: APIKeyError) {
        switch error {
        case .tooMany: self.init(.tooManyKeys, error.explanation)
        case .revoked, .expired: self.init(.conflict, error.explanation)
        case .scope: self.init(.keyScopeRefused, error.explanation)
        case .noScope: self.init(faults: [Fault(.body("/scopes"), .outOfRange, error.explanation)])
        case .name: self.init(faults: [Fault(.body("/name"), .badFormat, error.explanation)])
        case .expiry: self.init(faults: [Fault(.body("/expires_in_days"), .outOfRange, error.explanation)])
        }
    }
}
