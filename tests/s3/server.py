# moto's S3 on a free port of loopback, until standard input ends. It keeps everything in memory and checks no keys.
import os
import sys
import threading

threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()

from moto.server import main

main(["-H", "127.0.0.1", "-p", "0"])
