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
        let telemetry = try Telemetry(invocation)
        let parts = ServiceParts(invocation: invocation, telemetry: telemetry)
        let components = parts.ofServer(
            concurrency: invocation.configuration[Settings.workers], certificate: certificate,
            identity: identity)
        return try await ServiceRun(telemetry).run(components, until: requests) {
            let (root, port) = (try parts.root.value, try parts.port.value)
            let address = invocation.configuration[Settings.bind]
            let scheme = certificate == nil ? "http" : "https"
            invocation.output.writeLine("serving on \(scheme)://\(address.host):\(port)")
            root.log.write(
                .info, "serving", ["port": .integer(Int64(port)), "data": .text(root.data.path)])
            if invocation.configuration[Settings.accounts] == .on {
                root.warnOfReaders()
                try root.warnWithoutAdministrator()
            }
        }
    }
}

extension HTTPServer {
    /// Begins to listen, and says where.
    ///
    /// - Throws: ``CommandFailure`` that says what to do when the port is taken.
    func listen() throws -> Int {
        do {
            return try start()
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
        let concurrency = max(1, invocation.configuration[Settings.workers])
        let telemetry = try Telemetry(invocation)
        let parts = ServiceParts(invocation: invocation, telemetry: telemetry)
        return try await ServiceRun(telemetry).run(
            parts.ofWorker(concurrency: concurrency), until: requests
        ) {
            let root = try parts.root.value
            root.log.write(
                .info, "working",
                ["data": .text(root.data.path), "workers": .integer(Int64(concurrency))])
        }
    }
}
