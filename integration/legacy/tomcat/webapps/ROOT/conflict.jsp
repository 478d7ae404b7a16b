<% response.sendError(409, "An order with this number already exists"); %>
