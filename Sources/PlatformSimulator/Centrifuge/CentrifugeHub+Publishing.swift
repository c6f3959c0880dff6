import NIOCore
import Synchronization

/// Publications, and what happens to streams and connections as a whole.
extension CentrifugeHub {
    /// Publishes to every member of a channel, as faithfully as the dials let it.
    ///
    /// - Parameter event: the name by which the dials know it.
    func publish(_ data: JSONValue, in name: String, event: String, info: JSONValue? = nil) {
        let dials = faults.centrifuge
        let isTouched = faults.touchEvents
        state.withLock { state in
            state.withChannel(name) { channel in
                let publication = channel.history.append(data, info: info, size: dials.historySize)
                var frames: [Bool: [UInt8]] = [:]
                for member in channel.members {
                    let frame =
                        frames[member.isPositioned]
                        ?? JSONValue.push(name, "pub", publication.json(positioned: member.isPositioned)).bytes()
                    frames[member.isPositioned] = frame
                    if faults.take(\.insufficientNext, "streams.insufficient") {
                        refuse(member, in: name, &channel)
                        continue
                    }
                    let fate = isTouched ? faults.fate(ofEvent: event, isContact: false) : .deliver
                    deliver(frame, to: member.socket, fate, in: name, &channel)
                }
            }
        }
        ledger.update { $0.publications += 1 }
    }

    private func deliver(
        _ frame: [UInt8], to socket: CentrifugeSocket, _ fate: FaultDials.EventFate, in name: String,
        _ channel: inout Channel
    ) {
        switch fate {
        case .drop: return
        case .delay(let delay):
            socket.channel.eventLoop.scheduleTask(in: delay) { socket.sendPublication(frame) }
            return
        case .reorder:
            channel.held.append((socket, frame))
            // Held until another one has overtaken it, but not for ever.
            socket.channel.eventLoop.scheduleTask(in: .seconds(2)) { self.release(socket, in: name) }
            return
        case .duplicate:
            socket.sendPublication(frame)
            socket.sendPublication(frame)
        case .deliver: socket.sendPublication(frame)
        }
        for held in channel.held where held.socket === socket { socket.sendPublication(held.frame) }
        channel.held.removeAll { $0.socket === socket }
    }

    private func release(_ socket: CentrifugeSocket, in name: String) {
        state.withLock { state in
            state.withChannel(name) { channel in
                for held in channel.held where held.socket === socket { socket.sendPublication(held.frame) }
                channel.held.removeAll { $0.socket === socket }
            }
        }
    }

    /// What the server does about a member that has missed something: it hears no more of this stream.
    private func refuse(_ member: Member, in name: String, _ channel: inout Channel) {
        channel.members.removeAll { $0.socket === member.socket }
        if member.isServerSide {
            member.socket.close(.insufficientState)
        } else {
            member.socket.send(
                .push(name, "unsubscribe", ["code": .int(2500), "reason": "insufficient state"]))
        }
    }

    /// Does something to the streams of a channel, or of all channels.
    func change(_ change: HistoryChange, in name: String?) {
        state.withLock { state in
            for key in name.map({ [$0] }) ?? Array(state.channels.keys) {
                let epoch = state.epoch()
                state.withChannel(key) { channel in
                    switch change {
                    case .lose: channel.history.forget()
                    case .skip(let count): channel.history.skip(count)
                    case .restart: channel.history.restart(epoch: epoch)
                    }
                }
            }
        }
    }

    /// Adds or ends a server-side subscription of open connections, with its push.
    func move(_ sockets: [CentrifugeSocket], in name: String, isSubscribed: Bool) {
        for socket in sockets {
            if isSubscribed {
                let info: JSONValue = ["user": "", "client": .string(socket.id)]
                subscribe(socket, info: info, to: [Wish(channel: name, isServerSide: true)]) { results in
                    .push(name, "subscribe", results.first?.1 ?? [:])
                }
            } else if unsubscribe(socket, from: name) {
                socket.send(.push(name, "unsubscribe", ["code": .int(2000), "reason": "server unsubscribe"]))
            }
        }
    }
}
