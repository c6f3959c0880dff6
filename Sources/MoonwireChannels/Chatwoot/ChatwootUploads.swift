import ChatwootAPI
import EventJSON
import Moonwire

/// The files of a reply as the API takes them. Addresses are sent as text: the platform has no upload by address.
enum ChatwootUploads {
    static func files(of reply: ChannelEffect.Reply) -> [ChatwootFile] {
        reply.attachments.compactMap { upload in
            switch upload.source {
            case .file(let path): ChatwootFile(path: path, filename: upload.name, contentType: upload.mime)
            case .data(let bytes):
                ChatwootFile(filename: upload.name ?? "file", contentType: upload.mime, bytes: bytes)
            case .url: nil
            }
        }
    }
}

/// A list of messages as scripts get it.
enum ChatwootMessageList {
    static func encode(
        _ messages: some Sequence<ChatwootMessage>, _ translator: ChatwootTranslator, ownUser: Int?
    ) -> RawJSON {
        var writer = JSONWriter()
        writer.beginArray()
        for message in messages {
            writer.raw(EventBody.encode(translator.message(message, ownUser: ownUser)).bytes)
        }
        writer.endArray()
        return RawJSON(validated: writer.bytes)
    }
}
