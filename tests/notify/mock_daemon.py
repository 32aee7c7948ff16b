#!/usr/bin/python3
"""Plays the desktop's notification daemon: prints one JSON object for each request.

usage: mock_daemon.py answer|silent    (silent: owns the name and never answers)
"""
import json
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME = "org.freedesktop.Notifications"


def say(**what):
    print(json.dumps(what), flush=True)


class Daemon(dbus.service.Object):
    def __init__(self, bus, silent):
        self.last = 0
        self.silent = silent
        super().__init__(bus, "/org/freedesktop/Notifications")

    @dbus.service.method(NAME, "susssasa{sv}i", "u", async_callbacks=("done", "fail"))
    def Notify(self, app, replaces, icon, summary, body, actions, hints, expire, done, fail):
        if not replaces:
            self.last += 1
        shown = int(replaces) or self.last
        say(did="Notify", id=shown, replaces=int(replaces), app=app, summary=summary, body=body,
            actions=list(actions), urgency=int(hints.get("urgency", 1)))
        if not self.silent:
            done(dbus.UInt32(shown))

    @dbus.service.method(NAME, "u", "", async_callbacks=("done", "fail"))
    def CloseNotification(self, number, done, fail):
        say(did="Close", id=int(number))
        if not self.silent:
            done()
            self.NotificationClosed(number, 3)

    @dbus.service.method(NAME, "", "ssss", async_callbacks=("done", "fail"))
    def GetServerInformation(self, done, fail):
        if not self.silent:
            done("mock", "bascule", "1", "1.2")

    @dbus.service.method(NAME, "", "as", async_callbacks=("done", "fail"))
    def GetCapabilities(self, done, fail):
        if not self.silent:
            done(["body", "body-markup", "actions"])

    @dbus.service.signal(NAME, "uu")
    def NotificationClosed(self, number, reason):
        pass

    @dbus.service.signal(NAME, "us")
    def ActionInvoked(self, number, action):
        pass

    @dbus.service.method("bascule.Mock", "s", "")
    def Poke(self, what):
        """A person's hand: clicks on, or dismisses, what was shown last."""
        if what == "click":
            self.ActionInvoked(self.last, "default")
        else:
            self.NotificationClosed(self.last, 2)


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    daemon = Daemon(bus, sys.argv[1] == "silent")
    name = dbus.service.BusName(NAME, bus)
    say(did="Ready")
    GLib.MainLoop().run()
    del name, daemon


main()
