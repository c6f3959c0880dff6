# frozen_string_literal: true

# A real Rails Action Cable with a channel that behaves like Chatwoot's: a wrong token raises, so nothing is answered.
# What tests need to steer it is reachable by plain HTTP POST.
require "action_controller/railtie"
require "action_cable/engine"
require "redis"

class CableApp < Rails::Application
  config.root = __dir__
  config.eager_load = false
  config.secret_key_base = "only for tests"
  config.logger = Logger.new($stderr, level: :warn)
  config.hosts.clear
  config.action_cable.mount_path = "/cable"
  config.action_cable.cable = { "adapter" => "redis", "url" => ENV.fetch("REDIS_URL") }
  config.action_cable.disable_request_forgery_protection = true
end

module ApplicationCable
  class Connection < ActionCable::Connection::Base
  end
end

TOKENS = Concurrent::Set.new

class RoomChannel < ActionCable::Channel::Base
  def subscribed
    @token = params[:pubsub_token].to_s
    raise "unknown token" unless TOKENS.include?(@token)

    stream_from @token
    broadcast_presence
  end

  def update_presence
    broadcast_presence
  end

  private

  def broadcast_presence
    data = { account_id: 3, users: { "21" => "online" } }
    ActionCable.server.broadcast(@token, { event: "presence.update", data: data })
  end
end

class ClosedChannel < ActionCable::Channel::Base
  def subscribed
    reject
  end
end

class SteeringController < ActionController::API
  # Makes a token valid.
  def token
    TOKENS.add(params.require(:token))
    head :no_content
  end

  # Publishes the request's body as an event for a token.
  def broadcast
    ActionCable.server.broadcast(params.require(:token), ActiveSupport::JSON.decode(request.raw_post))
    head :no_content
  end

  # Tells all connections to come back, as a deployment does.
  def restart
    ActionCable.server.restart
    head :no_content
  end

  # Tells all connections to stay away.
  def dismiss
    ActionCable.server.connections.each { |connection| connection.close(reason: "unauthorized", reconnect: false) }
    head :no_content
  end

  # Checks the origin of new connections, as Rails does unless told otherwise.
  def origin_check
    ActionCable.server.config.disable_request_forgery_protection = params.require(:on) == "0"
    head :no_content
  end
end

CableApp.initialize!
Rails.application.routes.draw do
  get "/up", to: ->(_) { [200, { "Content-Type" => "text/plain" }, ["up"]] }
  %i[token broadcast restart dismiss origin_check].each { |action| post "/#{action}", to: "steering##{action}" }
end

run Rails.application
