package import Application

/// What can be done about webhooks; they are there without accounts too.
package final class WebhookCapabilities: Sendable {
    let create: CreateWebhook
    let list: ListWebhooks
    let get: GetWebhook
    let edit: EditWebhook
    let delete: DeleteWebhook
    let rotate: RotateWebhookSecret
    let test: TestWebhook
    let listDeliveries: ListWebhookDeliveries
    let getDelivery: GetWebhookDelivery
    let replay: ReplayWebhookDelivery
    let getNotifySecret: GetNotifySecret
    let rotateNotifySecret: RotateNotifySecret

    /// The use cases over their ports.
    package init(store: any Store, desk: AccountDesk, secrets: any WebhookSecrets) {
        create = CreateWebhook(desk: desk, secrets: secrets)
        list = ListWebhooks(store: store)
        get = GetWebhook(store: store)
        edit = EditWebhook(desk: desk)
        delete = DeleteWebhook(desk: desk)
        rotate = RotateWebhookSecret(desk: desk, secrets: secrets)
        test = TestWebhook(desk: desk)
        listDeliveries = ListWebhookDeliveries(store: store)
        getDelivery = GetWebhookDelivery(store: store)
        replay = ReplayWebhookDelivery(desk: desk)
        getNotifySecret = GetNotifySecret(desk: desk, secrets: secrets)
        rotateNotifySecret = RotateNotifySecret(desk: desk, secrets: secrets)
    }
}
