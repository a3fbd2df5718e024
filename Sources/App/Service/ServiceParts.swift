import Application
import Domain
import Infrastructure
import Presentation

/// The parts that `cutroom serve` and `cutroom worker` are made of, and what they hand to each other.
struct ServiceParts: Sendable {
    let invocation: Invocation
    let telemetry: Telemetry
    let opened = Handover<OpenStore>()
    let root = Handover<CompositionRoot>()
    let accounts = Handover<AccountBackend>()
    let pipeline = Handover<RunVideoTask.Ports>()
    let health = Handover<HealthCapabilities>()
    let keeper = Handover<ConfigurationKeeper>()
    let alerts = Handover<AlertMonitor>()
    let server = Handover<HTTPServer>()
    /// Where the server listens.
    let port = Handover<Int>()

    /// What `cutroom worker` runs.
    ///
    /// - Parameter concurrency: How many jobs are done at once.
    func ofWorker(concurrency: Int) -> [Component] {
        storage + work(concurrency: concurrency) + upkeep
    }

    /// What `cutroom serve` runs.
    ///
    /// - Parameters:
    ///   - concurrency: How many jobs are done at once, 0 for a server that does none.
    ///   - certificate: The files of what it shows of itself; nil where it speaks no TLS.
    func ofServer(
        concurrency: Int, certificate: TLSFiles?, identity: TLSIdentity?
    ) -> [Component] {
        let hasAccounts = invocation.configuration[Settings.accounts] == .on
        let people = hasAccounts ? self.people : []
        let work = concurrency > 0 ? work(concurrency: concurrency) : []
        let others = storage + people + work + upkeep
        let watching = watch(knowing: Set(others.map(\.description.name)))
        let all = others + [feed, keeping, watching, alerting]
        let http = http(
            identity: identity, hasAccounts: hasAccounts, names: Set(all.map(\.description.name)))
        return all + [http] + (certificate.map { [reload(of: $0)] } ?? [])
    }

    // MARK: What everything stands on

    private var storage: [Component] { (telemetry.sendsTraces ? [traces] : []) + [store, media] }

    /// Last to end, since the others tell of their own end.
    private var traces: Component {
        Component(part("traces", "Sends traces to the collector."), isRestartable: false) { [telemetry] _ in
            RunningComponent(
                work: .endless {
                    await telemetry.run()
                    // The cancellation must not reach what is left to be sent.
                    await Task { await telemetry.finish() }.value
                })
        }
    }

    private var store: Component {
        Component(
            part(
                "store", "Keeps everything but files: SQLite in the data folder.",
                telemetry.sendsTraces ? [.optional("traces")] : [], isCritical: true,
                startDeadline: Self.longestMigration),
            isRestartable: false,
            health: { [opened] in try? await StoreProbe(store: opened.value.store).check() }
        ) { [invocation, telemetry, opened] _ in
            let store = try OpenStore(invocation, telemetry)
            opened.put(store)
            return RunningComponent(stop: { store.store.database.close() })
        }
    }

    private var media: Component {
        Component(
            part(
                "media", "Keeps files, the locks of processes and the looks of captions.",
                [.required("store")], isCritical: true),
            isRestartable: false,
            health: { [root] in
                guard let root = try? root.value else { return nil }
                return await DiskProbe(folder: root.data.path, floor: root.diskBudget.reserve).check()
            }
        ) { [opened, root] _ in
            let made = try CompositionRoot(opened.value)
            root.put(made)
            return RunningComponent(stop: {
                await made.bans.settle()
                made.media.close()
            })
        }
    }

    // MARK: What goes on behind the requests' back

    /// The work on tasks.
    private func work(concurrency: Int) -> [Component] {
        [
            Component(
                part(
                    "pipeline", "Reads, transcribes, analyzes and renders sources.", [.required("media")],
                    isCritical: true)
            ) { [root, pipeline] _ in
                pipeline.put(try root.value.pipeline())
                return RunningComponent()
            },
            Component(
                part(
                    "worker", "Takes jobs from the queue and does them.", [.required("pipeline")],
                    isCritical: true)
            ) { [root, pipeline] _ in
                let worker = try root.value.worker(pipeline.value, concurrency: concurrency)
                // Programs that it runs are killed, and files that they wrote removed.
                return RunningComponent(
                    work: .endless { try await worker.run() }, grace: .seconds(20),
                    inFlight: { worker.inHand }, stop: { worker.stop() })
            },
        ]
    }

    /// What keeps the data folder small, and tells others of what happens.
    private var upkeep: [Component] {
        [
            Component(part("webhooks", "Delivers events to webhooks.", [.required("media")])) { [root] _ in
                let root = try root.value
                return RunningComponent(work: .endless { try await root.deliverWebhooks() })
            },
            Component(
                part("forgetting", "Forgets what is kept for a time only.", [.required("media")])
            ) { [root] _ in
                let root = try root.value
                let forget = ForgetOldRecords(store: root.store, clock: root.clock) {
                    [log = root.log] what, failure in
                    log.write(
                        .error, "old records not forgotten",
                        ["what": .text(what), "error": .text("\(failure)")])
                }
                return RunningComponent(work: .endless { await forget.run() })
            },
            Component(
                part(
                    "housekeeping", "Removes files of which no row speaks, and lets go of the start; once.",
                    [.required("media")])
            ) { [root] _ in
                let root = try root.value
                return RunningComponent(
                    work: .once {
                        await root.sweep()
                        // Keeps no memory for what only the start needed.
                        guard
                            (try? await root.clock.sleep(until: root.clock.now() + Self.startDuration)) != nil
                        else { return }
                        ProgramCode.letGo()
                    })
            },
        ]
    }

    // MARK: What people have to do with

    private var people: [Component] {
        [
            Component(
                part(
                    "accounts", "Knows people, their sessions, keys and credits.", [.required("media")],
                    isCritical: true),
                isRestartable: false
            ) { [root, accounts] _ in
                let root = try root.value
                try await root.inheritLocalThings()
                if let made = try root.accounts() { accounts.put(made) }
                return RunningComponent()
            },
            Component(part("key_uses", "Writes down when keys are used.", [.required("accounts")])) {
                [accounts] _ in
                let accounts = try accounts.value
                return RunningComponent(work: .endless { await accounts.noteKeyUses() })
            },
            Component(
                part("mail", "Carries mail.", [.required("accounts")]), isRestartable: false
            ) { [accounts] _ in
                let accounts = try accounts.value
                return RunningComponent(
                    work: .endless { await accounts.carryMail() }, grace: AccountBackend.lastDelivery,
                    stop: { accounts.closeMail() })
            },
        ]
    }

    private var feed: Component {
        Component(
            part("feed", "Tells those who follow a task what happens to it.", [.required("media")])
        ) { [root] _ in
            let feed = try root.value.feed
            return RunningComponent(work: .endless { await feed.run() })
        }
    }

    private var keeping: Component {
        Component(
            part(
                "configuration", "Reads the configuration again when it has changed.", [.required("media")]),
            isRestartable: false
        ) { [invocation, root, keeper] _ in
            let keeping = try root.value.configurationKeeping(invocation)
            keeper.put(keeping.keeper)
            return RunningComponent(work: .endless { await keeping.run() })
        }
    }

    /// Looks at the parts of this process and at what it calls, which is known once the pipeline is put together.
    private func watch(knowing names: Set<ComponentName>) -> Component {
        let needs: [ComponentDependency] = [
            .required("media"), .required("configuration"), .optional("pipeline"), .optional("accounts"),
        ]
        return Component(
            part(
                "health", "Looks again and again how well everything is.",
                needs.filter { $0.kind == .required || names.contains($0.name) }), isRestartable: false
        ) { [root, health, keeper] runner in
            let root = try root.value
            var made = try root.health(over: runner, keeper: keeper.value)
            let trends = TrendWatch(TrendWatch.Subject.ordinary, of: made.monitor, clock: root.clock)
            made.forecasts = trends
            health.put(made)
            // It begins to look once the server listens: before that all that it could tell is that parts are missing.
            return RunningComponent(work: .endless { await trends.run() })
        }
    }

    private var alerting: Component {
        Component(
            part(
                "alerts", "Tells when something is the matter, and does what the rules say.",
                [.required("health")]), isRestartable: false
        ) { [root, health, alerts] runner in
            let root = try root.value
            let numbers = AlertNumbers(
                monitor: try health.value.monitor, metrics: root.telemetry.signals.metrics,
                components: { runner.statuses })
            let made = AlertMonitor(
                AlertRule.defaults, numbers: numbers.read, restart: { try runner.restart($0) },
                clock: root.clock, log: root.telemetry.loggers.named("alerts"))
            alerts.put(made)
            return RunningComponent(work: .endless { await made.run() })
        }
    }

    /// The API; it goes first when the program ends, so that those whom it hands something find it done.
    private func http(
        identity: TLSIdentity?, hasAccounts: Bool, names: Set<ComponentName>
    ) -> Component {
        let needs: [ComponentDependency] = [
            .required("media"), .required("accounts"), .required("configuration"), .required("health"),
            .required("alerts"),
            .optional("pipeline"), .optional("feed"),
            .optional("key_uses"), .optional("mail"), .soft("worker"), .soft("webhooks"),
        ]
        let present = needs.filter { names.contains($0.name) }
        return Component(
            part("http", "Answers requests: the API and its pages.", present, isCritical: true),
            isRestartable: false
        ) { [root, accounts, health, alerts, keeper, server, port] runner in
            let (root, health) = (try root.value, try health.value)
            let api = root.api(
                hasAccounts ? try accounts.value : nil, health: health, alerts: try alerts.value,
                keeper: try keeper.value, over: runner)
            let http = root.server(api, identity: identity)
            port.put(try http.listen())
            health.monitor.start()
            server.put(http)
            return RunningComponent(
                grace: Self.lastAnswers + .seconds(2), inFlight: { http.inFlight },
                stop: {
                    health.monitor.leave()
                    health.monitor.stop()
                    await http.stop(within: Self.lastAnswers)
                })
        }
    }

    /// How long the store may take to come to the newest schema: a step that is broken off begins anew.
    private static let longestMigration = Duration.seconds(1800)
    /// How long a start takes, the first looks of what goes on in the background included.
    private static let startDuration = Duration.milliseconds(300)
    /// How long requests may take to finish when the server ends.
    private static let lastAnswers = Duration.seconds(10)

    private func reload(of files: TLSFiles) -> Component {
        Component(
            part("certificate", "Reads the certificate again on SIGHUP.", [.required("http")]),
            isRestartable: false
        ) { [root, server] _ in
            let (log, server) = (try root.value.log, try server.value)
            Hangup.onEach { server.reload(files, log: log) }
            return RunningComponent()
        }
    }
}

/// What a part of this program says about itself.
private func part(
    _ name: StaticString, _ summary: String, _ dependencies: [ComponentDependency] = [],
    isCritical: Bool = false, startDeadline: Duration = .seconds(30)
) -> ComponentDescription {
    ComponentDescription(
        ComponentName(known: name), version: Program.version, summary: summary, dependencies: dependencies,
        isCritical: isCritical, startDeadline: startDeadline)
}

extension ComponentDependency {
    fileprivate static func required(_ name: StaticString) -> Self {
        Self(ComponentName(known: name), .required)
    }

    fileprivate static func optional(_ name: StaticString) -> Self {
        Self(ComponentName(known: name), .optional)
    }

    fileprivate static func soft(_ name: StaticString) -> Self { Self(ComponentName(known: name), .soft) }
}
