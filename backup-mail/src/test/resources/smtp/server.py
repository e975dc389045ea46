"""A mail server for the tests: prints what it is doing, one line each, mails as JSON."""
import argparse
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(word, **values):
    print(word + " " + json.dumps(values), flush=True)


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        if address.startswith("stranger@"):
            return "550 5.7.1 you may not\x1b[31m send here"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        if address.startswith("busy@"):
            return "451 4.2.1 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("full@"):
            return "552-5.2.2 the mailbox is full\r\n552 5.2.2 and stays so"
        say("mail", sender=envelope.mail_from, to=envelope.rcpt_tos,
            tls=session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
            user=session.auth_data,
            content=envelope.content.decode("latin-1"))
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    if data.login == b"app" and data.password == b"right horse":
        return AuthResult(success=True, auth_data="app")
    return AuthResult(success=False, handled=False)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["starttls", "tls", "plain"])
    parser.add_argument("port", type=int)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--auth", action="store_true")
    options = parser.parse_args()
    context = None
    if options.cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.cert, options.key)
    starttls = options.mode == "starttls"

    def protocol():
        return SMTP(Handler(), hostname="localhost", enable_SMTPUTF8=False,
                    tls_context=context if starttls else None,
                    require_starttls=starttls,
                    auth_required=options.auth,
                    auth_require_tls=options.mode == "starttls",
                    authenticator=authenticate if options.auth else None)

    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", options.port, ssl=context if options.mode == "tls" else None)
    say("ready", port=server.sockets[0].getsockname()[1])
    await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
