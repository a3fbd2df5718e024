import Domain
import Testing

@Suite("Deliveries of events")
struct WebhookDeliveryTests {
    private let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func delivery() -> WebhookDelivery {
        let webhook = Identifier<Webhook>(high: 1, low: 1)
        let event = WebhookEvent(
            id: Identifier(high: 2, low: 2), kind: .ping, at: now, subject: .webhook(webhook))
        return WebhookDelivery(
            id: Identifier(high: 3, low: 3), owner: User.local, target: .webhook(webhook), event: event,
            at: now)
    }

    private func attempt(_ status: Int, retryAfter: Duration? = nil) -> WebhookAttempt {
        WebhookAttempt(
            at: now, duration: .milliseconds(5),
            reply: .answered(status: status, body: [1], retryAfter: retryAfter))
    }

    @Test("A18: an event is tried at once and then seven times over a day and a half")
    func schedule() {
        var delivery = delivery()
        #expect(delivery.state == .pending(next: now))
        var pauses: [Duration] = []
        var moment = now
        while case .retried(let next) = delivery.note(attempt(500), at: moment, chance: 0) {
            pauses.append(next - moment)
            #expect(delivery.state == .pending(next: next))
            moment = next
        }
        #expect(pauses == WebhookSchedule.pauses)
        #expect(delivery.attempts == WebhookSchedule.mostAttempts)
        #expect(delivery.state == .failed(at: moment))
        #expect((Duration.seconds(86_400)...Duration.seconds(2 * 86_400)).contains(moment - now))
    }

    @Test("pauses are up to a fifth longer by chance, never shorter", arguments: 1...7)
    func jitter(attempt: Int) throws {
        let least = try #require(WebhookSchedule.pause(afterAttempt: attempt, chance: 0))
        let most = try #require(WebhookSchedule.pause(afterAttempt: attempt, chance: .max))
        #expect(least == WebhookSchedule.pauses[attempt - 1])
        #expect(most > least && most.inSeconds <= least.inSeconds * 1.2)
        #expect(WebhookSchedule.pause(afterAttempt: 8, chance: 0) == nil)
    }

    @Test("any 2xx is success, any other answer is tried again", arguments: 100..<600)
    func statuses(_ status: Int) {
        var delivery = delivery()
        let verdict = delivery.note(attempt(status), at: now, chance: 0)
        switch status {
        case 200..<300:
            #expect(verdict == .delivered && delivery.state == .delivered(at: now))
        case 410:
            #expect(verdict == .gone && delivery.state == .failed(at: now))
        default:
            #expect(verdict == .retried(at: now + .seconds(5)))
        }
        #expect(delivery.attempts == 1 && delivery.last == attempt(status))
    }

    @Test(
        "a receiver that is busy is heard when it asks to wait, for a day at most",
        arguments: [
            (429, 60, 60), (503, 7, 7), (503, 2, 5), (429, 1_000_000, 86_400), (500, 60, 5), (302, 60, 5),
        ])
    func retryAfter(status: Int, asked: Int, waited: Int) {
        var delivery = delivery()
        let verdict = delivery.note(
            attempt(status, retryAfter: .seconds(asked)), at: now, chance: 0)
        #expect(verdict == .retried(at: now + .seconds(waited)))
    }

    @Test("one that nobody answers is tried again")
    func unreachable() {
        var delivery = delivery()
        let attempt = WebhookAttempt(at: now, duration: .zero, reply: .unreachable("nobody is there"))
        #expect(delivery.note(attempt, at: now, chance: 0) == .retried(at: now + .seconds(5)))
    }

    @Test("what has ended is not given up again, and what was delivered is not hastened")
    func ended() {
        var delivery = delivery()
        delivery.abandon(at: now)
        #expect(delivery.state == .failed(at: now))
        delivery.hasten(at: now + .seconds(1))
        #expect(delivery.state == .pending(next: now + .seconds(1)))
        _ = delivery.note(attempt(200), at: now, chance: 0)
        delivery.hasten(at: now)
        delivery.abandon(at: now)
        #expect(delivery.state == .delivered(at: now))
    }

    @Test("identifiers that follow from others are the same each time, and differ when anything does")
    func derived() {
        func id(_ words: [UInt64], _ moment: Timestamp) -> Identifier<WebhookEvent> {
            .derived(from: words, at: moment)
        }
        #expect(id([1, 2], now) == id([1, 2], now))
        let others = [
            id([1, 2], now), id([2, 1], now), id([1, 3], now), id([1], now), id([1, 2, 0], now),
        ]
        #expect(Set(others).count == others.count)
        #expect(id([1, 2], now) < id([1, 2], now + .milliseconds(1)))
        let many = Set((0..<10_000).map { id([7, $0], now) })
        #expect(many.count == 10_000)
    }
}
