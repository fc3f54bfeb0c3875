-- What is sent is a whole answer of HTTP, 64 bytes, so that an echo server's
-- answer is one. But wrk asks once for a request, to see that it is one, and
-- only then for what it sends all the time.
local asked = false

function wrk.init()
  wrk.request = function()
    if not asked then
      asked = true
      return "GET / HTTP/1.1\r\n\r\n"
    end
    return "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n" .. ("x"):rep(25)
  end
end
