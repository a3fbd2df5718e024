package import Application
import Domain
import Synchronization

/// Sends spans to a collector of OpenTelemetry over HTTP, in JSON (OTLP/HTTP 1.x).
///
/// Whoever ends a span only puts it into a queue; where there is no room it is counted and lost. What the collector
/// cannot take now (429, 502, 503, 504, no answer) is sent again, when it says or after a growing while; what it
/// refuses is lost.
package final class OTLPExporter: SpanSink {
    /// How spans are sent.
    package struct Settings: Sendable {
        /// The base of the collector's address; `/v1/traces` is put behind it.
        package var endpoint: String
        /// The program's version.
        package var version: String
        /// What tells this process from others.
        package var instance: String
        /// How many spans wait at most.
        package var capacity = 2048
        /// How many are sent at once.
        package var batch = 512
        /// How long spans wait for others.
        package var delay = Duration.seconds(5)
        /// How often a batch is sent before it is given up.
        package var tries = 5

        package init(endpoint: String, version: String, instance: String) {
            self.endpoint = endpoint
            self.version = version
            self.instance = instance
        }
    }

    /// The longest that is waited between two tries, whatever the collector asks for.
    private static let longestPause = Duration.seconds(60)

    private let settings: Settings
    private let client: any HTTPExchange
    private let clock: any WallClock
    private let log: any Log
    private let document: OTLPDocument
    private let queue = Mutex<[FinishedSpan]>([])
    private let isWarned = Atomic<Bool>(false)
    private let exported: Counter
    private let overflown: Counter
    private let refused: Counter
    private let unsent: Counter

    package init(
        _ settings: Settings, client: any HTTPExchange, clock: any WallClock, log: any Log, metrics: Metrics
    ) {
        self.settings = settings
        self.client = client
        self.clock = clock
        self.log = log
        document = OTLPDocument(version: settings.version, instance: settings.instance)
        exported = metrics.counter(.spansExported).with()
        let dropped = metrics.counter(.spansDropped)
        overflown = dropped.with("queue_full")
        refused = dropped.with("refused")
        unsent = dropped.with("not_sent")
    }

    package func take(_ span: FinishedSpan) {
        let isTaken = queue.withLock { queue in
            guard queue.count < settings.capacity else { return false }
            queue.append(span)
            return true
        }
        if !isTaken { overflown.increment() }
    }

    /// Sends what comes, until the task is cancelled.
    package func run() async {
        while (try? await clock.sleep(until: clock.now() + settings.delay)) != nil {
            await flush()
        }
    }

    /// Sends what waits, unless the collector takes nothing.
    package func flush() async {
        while await sendBatch(tries: settings.tries) == settings.batch {}
    }

    /// Sends what is left, as far as that goes in `deadline`; the rest is counted as lost.
    package func finish(within deadline: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled, await self.sendBatch(tries: 2) > 0 {}
            }
            group.addTask { [clock] in try? await clock.sleep(until: clock.now() + deadline) }
            await group.next()
            group.cancelAll()
        }
        let left = queue.withLock { queue in
            defer { queue = [] }
            return queue.count
        }
        if left > 0 { unsent.increment(by: left) }
    }

    /// Sends the oldest spans; returns how many were taken out of the queue.
    private func sendBatch(tries: Int) async -> Int {
        let batch = queue.withLock { queue in
            let batch = Array(queue.prefix(settings.batch))
            queue.removeFirst(batch.count)
            return batch
        }
        guard !batch.isEmpty else { return 0 }
        let body = document.encode(batch)
        for attempt in 1...max(1, tries) {
            switch await send(body) {
            case .taken:
                exported.increment(by: batch.count)
                isWarned.store(false, ordering: .relaxed)
                return batch.count
            case .stopped:
                // `finish` has another try at them.
                queue.withLock { $0.insert(contentsOf: batch, at: 0) }
                return 0
            case .refused(let reason):
                refused.increment(by: batch.count)
                warn(reason)
                return batch.count
            case .later(let reason, let pause):
                warn(reason)
                guard attempt < tries else { break }
                let usual = Duration.seconds(1 << min(attempt - 1, 5))
                let pause = min(pause ?? usual, Self.longestPause)
                guard (try? await clock.sleep(until: clock.now() + pause)) != nil else {
                    queue.withLock { $0.insert(contentsOf: batch, at: 0) }
                    return 0
                }
            }
        }
        unsent.increment(by: batch.count)
        return batch.count
    }

    private enum Answer {
        case taken
        case refused(String)
        case later(String, Duration?)
        /// The task was cancelled.
        case stopped
    }

    private func send(_ body: [UInt8]) async -> Answer {
        let request = HTTPRequest(
            settings.endpoint + "/v1/traces", method: "POST",
            body: .bytes(body, type: "application/json"), destination: .configured,
            deadlines: .init(connect: .seconds(5), total: .seconds(10)))
        do {
            let response = try await client.send(request, bodyLimit: 64 << 10)
            if response.isSuccess { return .taken }
            let reason = "status \(response.status)"
            return [429, 502, 503, 504].contains(response.status)
                ? .later(reason, response.retryAfter) : .refused(reason)
        } catch PortError.unavailable(let reason, let retryAfter) {
            return .later(reason, retryAfter)
        } catch PortError.cancelled {
            return .stopped
        } catch {
            return Task.isCancelled ? .stopped : .refused("\(error)")
        }
    }

    /// Says so once, until something was taken again.
    private func warn(_ reason: String) {
        guard !isWarned.exchange(true, ordering: .relaxed) else { return }
        log.write(.warning, "traces are not taken", ["reason": .text(reason)])
    }
}
