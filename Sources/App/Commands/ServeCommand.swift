import Application
import Domain
import Infrastructure
import Presentation

extension Command {
    /// `cutroom serve`: the HTTP API, the queue and workers.
    static let serve = Command(
        words: ["serve"],
        summary: "Serves the HTTP API on this machine, and works on its tasks.",
        options: [
            Settings.port.declaration, Settings.bind.declaration, Settings.workers.declaration,
            Settings.accounts.declaration,
        ],
        takesServiceSettings: true,
        examples: [
            Example(line: "cutroom serve", summary: "on http://127.0.0.1:8080"),
            Example(
                line: "cutroom serve --port 9000 --data ./var --workers 2",
                summary: "elsewhere, two tasks at once"),
            Example(
                line: "cutroom serve --workers 0", summary: "only serves; `cutroom worker` does the work"),
            Example(
                line: "cutroom serve --accounts on",
                summary: "people sign in; see `cutroom user create --help`"),
        ],
        isService: true
    ) { invocation in
        let requests = Interruption.requests()
        DescriptorLimit.raise()
        try invocation.configuration.requireSafeBinding()
        let certificate = try invocation.configuration.tlsFiles()
        let identity = try certificate?.identity()
        let root = try CompositionRoot(invocation)
        let accounts = try root.accounts()
        // Before the API, whose health tells of the upstreams that it calls.
        let workers = invocation.configuration[Settings.workers]
        let worker = workers > 0 ? try root.worker(root.pipeline(), concurrency: workers) : nil
        let server = root.server(root.api(accounts), identity: identity)
        let port = try start(server, invocation)
        let address = invocation.configuration[Settings.bind]
        if let certificate {
            Hangup.onEach { [log = root.log] in server.reload(certificate, log: log) }
        }
        let scheme = certificate == nil ? "http" : "https"
        invocation.output.writeLine("serving on \(scheme)://\(address.host):\(port)")
        root.log.write(.info, "serving", ["port": .integer(Int64(port)), "data": .text(root.data.path)])
        if accounts != nil {
            root.warnOfReaders()
            try root.warnWithoutAdministrator()
        }
        return try await root.run(worker, accounts: accounts, until: requests) {
            await server.stop(within: .seconds(10))
        }
    }

    private static func start(_ server: HTTPServer, _ invocation: Invocation) throws -> Int {
        do {
            return try server.start()
        } catch HTTPServerError.addressInUse(_, let port) {
            throw CommandFailure(line: "port \(port) is taken; --port takes another, 0 any free one")
        }
    }
}

extension Command {
    /// `cutroom worker`: works beside a server on the same data folder.
    static let worker = Command(
        words: ["worker"],
        summary: "Works on the tasks of a server that shares the data folder.",
        options: [Settings.workers.declaration],
        takesServiceSettings: true,
        examples: [
            Example(line: "cutroom worker", summary: "one task at a time"),
            Example(line: "cutroom worker --data /srv/cutroom --workers 4", summary: "four at once"),
        ],
        isService: true
    ) { invocation in
        let requests = Interruption.requests()
        let root = try CompositionRoot(invocation)
        let concurrency = max(1, invocation.configuration[Settings.workers])
        let worker = try root.worker(root.pipeline(), concurrency: concurrency)
        root.log.write(
            .info, "working", ["data": .text(root.data.path), "workers": .integer(Int64(concurrency))])
        return try await root.run(worker, until: requests) {}
    }
}

extension CompositionRoot {
    /// How long a start takes, the first looks of what goes on in the background included.
    private static let startDuration = Duration.milliseconds(300)

    /// Keeps no memory for what only the start needed.
    private func letGoOfStart() async {
        guard (try? await clock.sleep(until: clock.now() + Self.startDuration)) != nil else { return }
        ProgramCode.letGo()
    }

    /// Runs what goes on in the background until someone asks for the end; then hands running jobs back and
    /// closes the store.
    ///
    /// - Parameters:
    ///   - accounts: What has to go on for people, too; nil where there are no accounts.
    ///   - endServing: What else is to be ended, while the jobs are handed back.
    func run(
        _ worker: JobWorker?, accounts: AccountBackend? = nil, until requests: AsyncStream<Interruption>,
        endServing: @escaping @Sendable () async -> Void
    ) async throws -> ExitStatus {
        try await withThrowingTaskGroup(of: Interruption?.self) { group in
            let feed = Task { [feed] in await feed.run() }
            defer { feed.cancel() }
            let sweeping = Task { await sweep() }
            let lettingGo = Task { await letGoOfStart() }
            defer { lettingGo.cancel() }
            let carrying = accounts?.carryMail()
            defer { carrying?.cancel() }
            group.addTask {
                for await request in requests { return request }
                return nil
            }
            group.addTask { [store, clock] in
                await ForgetOldRecords(store: store, clock: clock).run()
                return nil
            }
            if let accounts {
                group.addTask {
                    await accounts.noteKeyUses()
                    return nil
                }
            }
            if let worker {
                group.addTask {
                    try await worker.run()
                    return nil
                }
            }
            group.addTask {
                try await deliverWebhooks()
                return nil
            }
            // Either someone asks for the end, or a worker cannot go on.
            let request: Interruption?
            do { request = try await group.next() ?? nil } catch {
                await endServing()
                throw error
            }
            log.write(.info, "stopping")
            worker?.stop()
            await endServing()
            group.cancelAll()
            while try await group.next() != nil {}
            sweeping.cancel()
            await sweeping.value
            if let accounts, let carrying { await accounts.finish(carrying) }
            close()
            log.write(.info, "stopped")
            return request?.status ?? .failed
        }
    }
}
