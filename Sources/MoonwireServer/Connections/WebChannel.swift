import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A connection that has been set up.
struct OpenConnection: ServerChildChannelValue {
    let channel: any Channel
    let parts: Unserved.Place
    let caller: Caller
}

/// How a connection of the web server is set up and served.
struct WebChannel: ServerChildChannel {
    typealias Value = OpenConnection

    let site: Site

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard site.admits(channel) else {
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = site.settings.limits.headerBytes
            limits.maxHeaderListSize = site.settings.limits.headerBytes
            limits.maxHeaderFieldCount = site.settings.limits.headerCount
            let caller = Caller()
            let raw = RawEnd(caller) { [site] in site.log(slow: $0) }
            try pipeline.addHandler(raw)
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: true, withErrorHandling: false, withOutboundHeaderValidation: true,
                withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
            try pipeline.addHandler(ConnectionDeadlines(patience: site.settings.patience, raw: raw))
            let parts = try NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            let place = Unserved.Place(parts)
            try pipeline.addHandler(Unserved(place))
            return OpenConnection(channel: channel, parts: place, caller: caller)
        }
    }

    func handle(value: Value, logger: Logger) async {
        guard let parts = value.parts.take() else { return }
        await withTaskCancellationHandler {
            // A peer that goes away in the middle is no error of anyone.
            try? await parts.executeThenClose { parts, _ in
                var connection = Connection(value, parts: parts.makeAsyncIterator(), site: site)
                try await connection.serve()
            }
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }
}
