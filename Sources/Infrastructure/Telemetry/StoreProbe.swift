package import Application
package import Domain

/// Looks whether the store answers.
package struct StoreProbe: HealthProbe {
    private let store: any Store

    /// A look at a store.
    package init(store: any Store) {
        self.store = store
    }

    package func check() async -> ComponentHealth {
        do {
            let latest = try store.read { try $0.notices.latestNumber() }
            return ComponentHealth(
                name: "store", level: .healthy, detail: "\(latest) notices so far", isEssential: true)
        } catch {
            return ComponentHealth(name: "store", level: .unhealthy, detail: "\(error)", isEssential: true)
        }
    }
}
