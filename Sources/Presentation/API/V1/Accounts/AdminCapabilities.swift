package import Application
internal import Domain

/// What the API can do for those who look after a server and its users.
package struct AdminCapabilities: Sendable {
    package var searchUsers: SearchUsers
    package var getUser: GetUser
    package var editUser: EditUser
    package var suspendUser: SuspendUser
    package var unsuspendUser: UnsuspendUser
    package var activateUser: ActivateUser
    package var deactivateUser: DeactivateUser
    package var changeTier: ChangeTier
    package var adjustCredits: AdjustCredits
    package var deleteUser: DeleteUser
    package var invite: InviteUser
    package var listInvitations: ListInvitations
    package var withdrawInvitation: WithdrawInvitation
    package var listTiers: ListTiers
    package var editTier: EditTier
    package var listAudit: ListAudit
    package var exportAudit: ExportAudit
    package var listSettings: ListSettings
    package var changeSetting: ChangeSetting
    package var clearSetting: ClearSetting
    package var getStatistics: GetServerStatistics

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
