import Domain

struct InMemoryOwnershipWriter: OwnershipWriter {
    let writer: InMemoryWriter

    func handOver(everythingOf former: Identifier<User>, to heir: Identifier<User>) throws -> Bool {
        let tables = writer.tables
        var hasAny = tables.notifySecrets[former] != nil
        hasAny = hasAny || tables.tasks.values.contains { $0.owner == former }
        hasAny = hasAny || tables.uploads.values.contains { $0.owner == former }
        hasAny = hasAny || tables.jobs.values.contains { $0.owner == former }
        hasAny = hasAny || tables.webhooks.values.contains { $0.owner == former }
        hasAny = hasAny || tables.deliveries.values.contains { $0.owner == former }
        hasAny = hasAny || tables.answers.keys.contains { $0.caller == former }
        for task in tables.tasks.values where task.owner == former {
            writer.set(\.tasks, task.id, task.with(owner: heir))
        }
        for upload in tables.uploads.values where upload.owner == former {
            writer.set(\.uploads, upload.id, upload.with(owner: heir))
        }
        for job in tables.jobs.values where job.owner == former {
            writer.set(\.jobs, job.id, job.with(owner: heir))
        }
        for webhook in tables.webhooks.values where webhook.owner == former {
            writer.set(\.webhooks, webhook.id, webhook.with(owner: heir))
        }
        for delivery in tables.deliveries.values where delivery.owner == former {
            writer.set(\.deliveries, delivery.id, delivery.with(owner: heir))
        }
        if let secret = tables.notifySecrets[former] {
            writer.set(\.notifySecrets, former, nil)
            writer.set(\.notifySecrets, heir, secret.with(owner: heir))
        }
        for (key, answer) in tables.answers where key.caller == former {
            writer.set(\.answers, key, nil)
            writer.set(\.answers, IdempotencyKey(caller: heir, route: key.route, key: key.key), answer)
        }
        return hasAny
    }
}

extension Upload {
    fileprivate func with(owner: Identifier<User>) -> Upload {
        Upload(
            id: id, owner: owner, filename: filename, content: content, file: file, createdAt: createdAt)
    }
}

extension Job {
    fileprivate func with(owner: Identifier<User>) -> Job {
        Job(
            id: id, owner: owner, kind: kind, subject: subject, arguments: arguments, queue: queue,
            priority: priority, uniqueKey: uniqueKey, failureLimit: failureLimit, createdAt: createdAt,
            dueAt: dueAt, state: state, attempt: attempt, failures: failures, interruptions: interruptions,
            progress: progress, log: log)
    }
}
