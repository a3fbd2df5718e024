internal import Application
internal import Domain

/// Looking at the queue.
struct JobRoutes: Sendable {
    private let can: Capabilities

    init(_ capabilities: Capabilities) {
        can = capabilities
    }

    var all: [Route] { [list, show, retry] }

    private var list: Route {
        Route(
            .get, "/api/v1/jobs", for: can.callers(.jobsRead),
            Operation(
                "listJobs", tag: "jobs", "List the jobs, newest first",
                responses: [
                    .json(
                        .ok, "A page of jobs.", JobWire.page,
                        links: [
                            Link(to: "getJob", [("id", "$response.body#/items/0/id")]),
                            Link(to: "retryJob", [("id", "$response.body#/items/0/id")]),
                        ])
                ]),
            Parameter<Job.State.Name?>.query("state", "Only jobs that stand there."),
            Parameters.limit(), Parameters.cursor() as Parameter<Identifier<Job>?>
        ) { _, caller, state, limit, cursor in
            let page = try can.listJobs(by: caller, state: state, limit: limit, before: cursor)
            return .json(.ok, JobWire.page, page, capacity: 1024 * (page.items.count + 1))
        }
    }

    private var show: Route {
        Route(
            .get, "/api/v1/jobs/{id}", for: can.callers(.jobsRead),
            Operation("getJob", tag: "jobs", "Show a job", responses: [.json(.ok, "The job.", JobWire.job)]),
            Parameters.job
        ) { _, caller, id in
            .json(.ok, JobWire.job, try can.getJob(id, by: caller))
        }
    }

    private var retry: Route {
        Route(
            .post, "/api/v1/jobs/{id}/retry", for: can.callers(.jobsWrite),
            Operation(
                "retryJob", tag: "jobs", "Have a job tried again, as if it had never failed",
                responses: [.json(.ok, "The job.", JobWire.job)], problems: [.conflict]),
            Parameters.job
        ) { _, caller, id in
            .json(.ok, JobWire.job, try await can.retryJob(id, by: caller))
        }
    }
}
