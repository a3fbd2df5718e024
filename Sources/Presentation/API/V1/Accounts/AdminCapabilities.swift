package import Application
internal import Domain

/// What the API can do for those who look after a server and its users.
///
/// A class, since it is large and each route keeps it.
package final class AdminCapabilities: Sendable {
    package let searchUsers: SearchUsers
    package let getUser: GetUser
    package let editUser: EditUser
    package let suspendUser: SuspendUser
    package let unsuspendUser: UnsuspendUser
    package let activateUser: ActivateUser
    package let deactivateUser: DeactivateUser
    package let changeTier: ChangeTier
    package let adjustCredits: AdjustCredits
    package let deleteUser: DeleteUser
    package let invite: InviteUser
    package let listInvitations: ListInvitations
    package let withdrawInvitation: WithdrawInvitation
    package let listTiers: ListTiers
    package let editTier: EditTier
    package let listAudit: ListAudit
    package let exportAudit: ExportAudit
    package let listSettings: ListSettings
    package let changeSetting: ChangeSetting
    package let clearSetting: ClearSetting
    package let getStatistics: GetServerStatistics

    /// All use cases of administration over what they have in common.
    package init(
        desk: AccountDesk, store: any Store, input: TypedInput, editor: ProfileEditor, removal: UserRemoval,
        invite: InviteUser, settings: RuntimeSettings
    ) {
        searchUsers = SearchUsers(desk: desk, input: input)
        getUser = GetUser(desk: desk)
        editUser = EditUser(desk: desk, editor: editor)
        suspendUser = SuspendUser(desk: desk, input: input)
        unsuspendUser = UnsuspendUser(desk: desk)
        activateUser = ActivateUser(desk: desk)
        deactivateUser = DeactivateUser(desk: desk)
        changeTier = ChangeTier(desk: desk)
        adjustCredits = AdjustCredits(desk: desk, input: input)
        deleteUser = DeleteUser(desk: desk, removal: removal)
        self.invite = invite
        listInvitations = ListInvitations(desk: desk)
        withdrawInvitation = WithdrawInvitation(desk: desk)
        listTiers = ListTiers(desk: desk)
        editTier = EditTier(desk: desk)
        listAudit = ListAudit(desk: desk)
        exportAudit = ExportAudit(desk: desk)
        listSettings = ListSettings(desk: desk, settings: settings)
        changeSetting = ChangeSetting(desk: desk, settings: settings)
        clearSetting = ClearSetting(desk: desk, settings: settings)
        getStatistics = GetServerStatistics(store: store)
    }
}
