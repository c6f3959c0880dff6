import Foundation
import HTTPTypes

extension RouteTable {
    /// The webhook that custom channels post to.
    func addCustomRoutes(_ control: CustomControl) {
        let world = control.world
        open([.post], CustomDemoWorld.webhookPath) { call in
            let (number, fault) = await world.receive(call)
            if let fault, fault.milliseconds > 0 { try await Task.sleep(for: .milliseconds(fault.milliseconds)) }
            if let fault, !(200...299).contains(fault.status) {
                await world.answered(number, fault.status)
                var answer = Answer.text(fault.body, status: fault.status, contentType: "application/json")
                if let seconds = fault.retryAfter { answer.headers.append((.retryAfter, String(seconds))) }
                return answer
            }
            let post = await world.allPosts()[number - 1]
            let (status, complaint) = await world.apply(call, authorized: post.isAuthorized)
            await world.answered(number, status)
            if let complaint { return .json(["error": ["message": .string(complaint)]], status: status) }
            if post.type == "message", let text = await world.workflow {
                // A workflow runs behind the answer.
                Task { await control.say(text, to: post.contactID) }
            }
            return .text(fault?.body ?? "", contentType: "application/json")
        }
        addCustomControlRoutes(control)
    }

    /// Playing the platform's agents from another process.
    private func addCustomControlRoutes(_ control: CustomControl) {
        let base = "/simulator/custom"
        open([.post], "\(base)/base") { call in
            await control.setBase(call["url"]?.castString ?? "")
            return .noContent
        }
        open([.get], "\(base)/contacts") { _ in .json(["payload": .texts(await control.world.contactIDs())]) }
        open([.get], "\(base)/contacts/:contact/messages") { call in
            let messages = await control.messages(of: Self.contact(call))
            return .json(["payload": try .init(encoding: messages)])
        }
        open([.post], "\(base)/contacts/:contact/messages") { call in
            let message =
                call["message"] ?? ["type": "text", "text": .string(call["text"]?.castString ?? "")]
            return try await .encoding(control.send(message, to: Self.contact(call)))
        }
        open([.get], "\(base)/posts") { _ in .json(["payload": try .init(encoding: await control.posts())]) }
        open([.post], "\(base)/faults") { call in
            var fault = CustomFault(status: call["status"]?.castInt ?? 503)
            fault.body = call["body"]?.castString ?? ""
            fault.retryAfter = call["retry_after"]?.castInt
            fault.milliseconds = call["milliseconds"]?.castInt ?? 0
            fault.contactID = call["contact"]?.castString
            fault.count = call["count"]?.castInt ?? 1
            await control.fail(fault)
            return .noContent
        }
        open([.delete], "\(base)/faults") { _ in
            await control.heal()
            return .noContent
        }
        open([.post], "\(base)/workflow") { call in
            await control.setWorkflow(call["text"]?.castString)
            return .noContent
        }
        open([.post], "\(base)/reset") { _ in
            await control.reset()
            return .noContent
        }
    }

    private static func contact(_ call: Call) -> String {
        call.segment("contact").removingPercentEncoding ?? call.segment("contact")
    }
}
