package import Application
internal import Domain

/// What the API can do for people, on a server that has accounts.
///
/// A class, since it is large and each route keeps it.
package final class AccountCapabilities: Sendable {
    /// What administrators can do.
    package let administration: AdminCapabilities
    package let register: RegisterUser
    package let verifyEmail: VerifyEmail
    package let requestEmailVerification: RequestEmailVerification
    package let signIn: SignIn
    package let refreshSession: RefreshSession
    package let signOut: SignOut
    package let changePassword: ChangePassword
    package let requestPasswordReset: RequestPasswordReset
    package let resetPassword: ResetPassword
    package let listSessions: ListSessions
    package let revokeSession: RevokeSession
    package let getProfile: GetProfile
    package let updateProfile: UpdateProfile
    package let deleteAccount: DeleteAccount
    package let getCredits: GetCredits
    package let listCreditEntries: ListCreditEntries
    package let getUsage: GetUsage
    package let issueKey: IssueAPIKey
    package let listKeys: ListAPIKeys
    package let renameKey: RenameAPIKey
    package let revokeKey: RevokeAPIKey
    package let personal: PersonalCapabilities
    /// Tells the time, to turn what is left of a token's life into seconds.
    package let clock: any WallClock

    package init(
        administration: AdminCapabilities, register: RegisterUser, verifyEmail: VerifyEmail,
        requestEmailVerification: RequestEmailVerification,
        signIn: SignIn, refreshSession: RefreshSession, signOut: SignOut, changePassword: ChangePassword,
        requestPasswordReset: RequestPasswordReset, resetPassword: ResetPassword, listSessions: ListSessions,
        revokeSession: RevokeSession, getProfile: GetProfile, updateProfile: UpdateProfile,
        deleteAccount: DeleteAccount, getCredits: GetCredits, listCreditEntries: ListCreditEntries,
        getUsage: GetUsage, issueKey: IssueAPIKey, listKeys: ListAPIKeys, renameKey: RenameAPIKey,
        revokeKey: RevokeAPIKey, personal: PersonalCapabilities, clock: any WallClock
    ) {
        self.administration = administration
        self.register = register
        self.verifyEmail = verifyEmail
        self.requestEmailVerification = requestEmailVerification
        self.signIn = signIn
        self.refreshSession = refreshSession
        self.signOut = signOut
        self.changePassword = changePassword
        self.requestPasswordReset = requestPasswordReset
        self.resetPassword = resetPassword
        self.listSessions = listSessions
        self.revokeSession = revokeSession
        self.getProfile = getProfile
        self.updateProfile = updateProfile
        self.deleteAccount = deleteAccount
        self.getCredits = getCredits
        self.listCreditEntries = listCreditEntries
        self.getUsage = getUsage
        self.issueKey = issueKey
        self.listKeys = listKeys
        self.renameKey = renameKey
        self.revokeKey = revokeKey
        self.personal = personal
        self.clock = clock
    }
}

/// What people prefer, and what they take home.
package struct PersonalCapabilities: Sendable {
    package var getPreferences: GetPreferences
    package var updatePreferences: UpdatePreferences
    package var exportAccount: ExportAccount

    package init(
        getPreferences: GetPreferences, updatePreferences: UpdatePreferences, exportAccount: ExportAccount
    ) {
        self.getPreferences = getPreferences
        self.updatePreferences = updatePreferences
        self.exportAccount = exportAccount
    }

    /// The use cases over their ports.
    package init(desk: AccountDesk, catalog: any CaptionCatalog, media: any MediaStore) {
        self.init(
            getPreferences: GetPreferences(desk: desk),
            updatePreferences: UpdatePreferences(desk: desk, catalog: catalog),
            exportAccount: ExportAccount(desk: desk, media: media))
    }
}

extension Call {
    /// From where the call comes.
    var origin: Origin {
        Origin(address: request.client.network, device: request.fields["User-Agent"] ?? "")
    }
}

extension HTTPResponse {
    /// Answers with JSON that holds a secret, and that nobody on the way may keep.
    static func secret<Value>(_ status: HTTPStatus, _ output: JSONOutput<Value>, _ value: Value)
        -> HTTPResponse
    {
        var response = HTTPResponse.json(status, output, value)
        response.fields["Cache-Control"] = "no-store"
        return response
    }
}
