// Node-RED as bench/ingest.py runs it: no editor, credentials in the clear (they live as long as the benchmark).
module.exports = {
    flowFile: "flow.json",
    credentialSecret: false,
    httpAdminRoot: false,
    httpNodeRoot: false,
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: "info", metrics: false, audit: false } },
};
